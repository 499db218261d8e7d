using System.Text.Json;
using Contracts.Events.V1;
using Testing;

namespace Contracts.Tests;

/// <summary>
/// The wire form of each message, against a file. A red test here means that consumers which were not redeployed would read
/// the message differently: make a V2 instead of editing the file.
/// </summary>
public sealed class GoldenMessageTests
{
    private static readonly Guid Id = new("11111111-1111-4111-8111-111111111111");
    private static readonly Guid Other = new("22222222-2222-4222-8222-222222222222");
    private static readonly JsonSerializerOptions Indented = new(ContractsJsonContext.Default.Options) { WriteIndented = true };

    public static TheoryData<string, IFact> All => new()
    {
        { "UserChanged", Facts.User(7, Id, Other, Id, directory: Other, status: UserStatus.Unassigned, deactivations: 2, change: Change.Deactivated) with { EventId = Id } },
        { "UserChanged.manual", Facts.User(1, Id, Other, Id, email: null, change: Change.Created) with { EventId = Id, DisplayName = null, ExternalId = null } },
        { "GroupChanged", Facts.Group(3, Id, Other, Id, GroupStatus.Removed, directory: Other, change: Change.Removed) with { EventId = Id } },
        { "MembersChanged", Facts.Members(4, Id, Other, Id, (Id, Other, true), (Other, Id, false)) with { EventId = Id } },
        {
            "DirectoryChanged", new DirectoryChanged
            {
                EventId = Id, AccountId = Id, DirectoryId = Other, Version = 2, Name = "Contoso Entra ID", Provider = "EntraId",
                Deleted = true, Change = Change.Deleted, Actor = Facts.Actor, At = Facts.At,
            }
        },
        {
            "DirectoryChanged.alerted", new DirectoryChanged
            {
                EventId = Id, AccountId = Id, DirectoryId = Other, Version = 3, Name = "Contoso Entra ID", Provider = "EntraId",
                Deleted = false, LastAlert = new MassDeactivation { AlertId = Other, At = Facts.At, Deactivated = 600, Users = 2_000 },
                Change = Change.Alerted, Actor = new Actor { Kind = "system", Id = "deactivation-watch" }, At = Facts.At,
            }
        },
    };

    [Fact]
    public async Task A_batch_is_written_and_read_as_its_golden_file_says()
    {
        var golden = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Golden", "FactBatch.json"));
        IFact[] facts = [.. All.Select(row => row.Data.Item2).Where(fact => fact is not DirectoryChanged)];
        Assert.Equal(golden.TrimEnd(), JsonSerializer.Serialize(FactBatch.Of(facts), Indented));
        var read = JsonSerializer.Deserialize<FactBatch>(golden, Indented)!;
        Assert.Null(read.Directories);
        Assert.Equal(facts.Select(fact => (fact.GetType(), fact.Version)), read.Facts().Select(fact => (fact.GetType(), fact.Version)));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_fact_is_written_as_its_golden_file_says(string name, IFact fact)
    {
        var golden = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Golden", name + ".json"));
        Assert.Equal(golden.TrimEnd(), JsonSerializer.Serialize(fact, fact.GetType(), Indented));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_golden_file_is_read_and_unknown_members_are_ignored(string name, IFact fact)
    {
        var golden = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Golden", name + ".json"));
        var newer = golden.TrimEnd().TrimEnd('}') + ",\"addedLater\":true}";
        var read = (IFact)JsonSerializer.Deserialize(newer, fact.GetType(), Indented)!;
        Assert.Equal(JsonSerializer.Serialize(fact, fact.GetType(), Indented), JsonSerializer.Serialize(read, fact.GetType(), Indented));
    }
}
