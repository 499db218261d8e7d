using System.Net;
using System.Text.Json;
using Contracts.Events.V1;
using PolicyService.Members;
using ServiceDefaults.Access;
using Testing;

namespace PolicyService.Tests.Members;

public sealed class PreviewTests(PolicySystem system)
{
    private readonly Guid account = Guid.NewGuid();
    private readonly Guid directory = Guid.NewGuid();

    [Fact]
    public async Task A_group_s_preview_is_what_then_happens()
    {
        var (ada, bob, eve) = (new TestUser(account, "ada"), new TestUser(account, "bob"), new TestUser(account, "eve"));
        var (staff, sales) = (new TestGroup(account, "Staff"), new TestGroup(account, "Sales"));
        await system.ApplyAsync([staff.Is(), sales.Is(), ada.Is(), bob.Is(), eve.Is(), staff.Members(true, ada, bob, eve), sales.Members(true, bob)]);
        await system.ApplyAsync(eve.Is(UserStatus.Disabled));
        using var client = system.Client(account, AdminRole.Auditor);
        using var admin = system.Client(account);
        await admin.PolicyAsync("Access", staff.Id, sales.Id);
        await admin.PolicyAsync(new { name = "Guests", groupIds = Array.Empty<Guid>(), everyone = true, excludedGroupIds = new[] { staff.Id } });
        await admin.PolicyAsync("Other", sales.Id);
        await admin.PolicyAsync(new { name = "Off", groupIds = new[] { staff.Id }, enabled = false });

        var preview = await client.GetAsync($"policies/preview?groupId={staff.Id}");
        Assert.Equal(HttpStatusCode.OK, preview.Status);
        Assert.Equal(("group", "Staff", 3, true), (Text(preview, "subject"), Text(preview, "name"), preview.Body.GetProperty("lookedAt").GetInt32(), preview.Body.GetProperty("exact").GetBoolean()));
        Assert.Equal(["Access -1 +0 =1", "Guests -0 +2 =0", "Other -0 +0 =1"], Counts(preview));
        Assert.Equal(["ada leaves Access joins Guests", "bob joins Guests keeps Access, Other"], Items(preview).Order());
        var firsts = await client.GetAsync($"policies/preview?groupId={staff.Id}&limit=1");
        var seconds = await client.GetAsync($"policies/preview?groupId={staff.Id}&limit=1&after={Text(firsts, "next")}");
        Assert.Equal(Items(preview), [.. Items(firsts), .. Items(seconds)]);
        Assert.Null(Text(seconds, "next"));

        await system.ApplyAsync(staff.Is(GroupStatus.Disabled));
        Assert.Equal(["Guests everyone"], await client.PoliciesOfAsync(ada.Id));
        Assert.Equal(["Access via Sales", "Guests everyone", "Other via Sales"], await client.PoliciesOfAsync(bob.Id));
        var again = await client.GetAsync($"policies/preview?groupId={staff.Id}");
        Assert.Empty(Items(again));
        Assert.Contains("nothing changes", Text(again, "effect"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_s_preview_names_the_policies_it_leaves_and_a_directory_s_who_stays()
    {
        var (ada, bob) = (new TestUser(account, "ada", directory), new TestUser(account, "bob", directory));
        await system.ApplyAsync(Facts.Directory(1, account, directory), ada.Is(), bob.Is(), new TestUser(account, "manual").Is());
        using var client = system.Client(account);
        await client.PolicyAsync(new { name = "Contoso", groupIds = Array.Empty<Guid>(), directoryIds = new[] { directory }, excludedUserIds = new[] { bob.Id } });
        await client.PolicyAsync(new { name = "All", groupIds = Array.Empty<Guid>(), everyone = true });

        Assert.Equal(["ada leaves Contoso, All"], Items(await client.GetAsync($"policies/preview?userId={ada.Id}")));
        var stays = await client.GetAsync($"policies/preview?directoryId={directory}");
        Assert.Equal(["Contoso -0 +0 =1", "All -0 +0 =2"], Counts(stays));
        Assert.Equal(["ada keeps Contoso, All", "bob keeps All"], Items(stays).Order());
        Assert.Contains("changes nothing at once", Text(stays, "effect"), StringComparison.Ordinal);
        await system.ApplyAsync(Facts.Directory(2, account, directory, deleted: true));
        Assert.Equal(["Contoso directory Contoso", "All everyone"], await client.PoliciesOfAsync(ada.Id));
    }

    [Fact]
    public async Task A_large_group_is_counted_as_far_as_it_is_looked_at_and_says_so()
    {
        var staff = new TestGroup(account, "Staff");
        var users = Enumerable.Range(0, PreviewQuery.MostUsers + 10).Select(n => new TestUser(account, $"user{n}")).ToArray();
        foreach (var some in users.Chunk(1_000)) await system.ApplyAsync([staff.Is(), .. some.Select(user => user.Is()), staff.Members(true, some)]);
        using var client = system.Client(account);
        await client.PolicyAsync("Access", staff.Id);
        var preview = await client.GetAsync($"policies/preview?groupId={staff.Id}&limit=500");
        Assert.Equal([$"Access -{PreviewQuery.MostUsers} +0 =0"], Counts(preview));
        Assert.False(preview.Body.GetProperty("exact").GetBoolean());
        var last = users.Select(user => user.Id.ToString()).Order(StringComparer.Ordinal).ElementAt(users.Length - 3);
        var end = await client.GetAsync($"policies/preview?groupId={staff.Id}&after={last}");
        Assert.Equal(2, Items(end).Count);
        Assert.Equal(JsonValueKind.Null, end.Body.GetProperty("policies").ValueKind);
    }

    [Theory]
    [InlineData("", HttpStatusCode.BadRequest, "nameOneSubject")]
    [InlineData("?groupId=ID&userId=ID", HttpStatusCode.BadRequest, "nameOneSubject")]
    [InlineData("?groupId=ID", HttpStatusCode.NotFound, "noSuchGroup")]
    [InlineData("?userId=ID", HttpStatusCode.NotFound, "noSuchUser")]
    [InlineData("?directoryId=ID", HttpStatusCode.NotFound, "noSuchDirectory")]
    [InlineData("?groupId=ID&limit=501", HttpStatusCode.BadRequest, "limitOutOfRange")]
    public async Task A_preview_of_what_is_not_there_is_refused(string query, HttpStatusCode status, string reason)
    {
        using var client = system.Client(account);
        var answer = await client.GetAsync("policies/preview" + query.Replace("ID", Guid.NewGuid().ToString(), StringComparison.Ordinal));
        Assert.Equal((status, reason), (answer.Status, answer.Reason));
    }

    private static string? Text(Answer answer, string name) => answer.Body.GetProperty(name).GetString();

    private static List<string> Counts(Answer preview) => [.. preview.Body.GetProperty("policies").EnumerateArray().Select(policy =>
        $"{policy.GetProperty("name").GetString()} -{policy.GetProperty("leave").GetInt32()} +{policy.GetProperty("join").GetInt32()} ={policy.GetProperty("keep").GetInt32()}")];

    /// <summary><c>user leaves A, B joins C keeps D</c></summary>
    private static List<string> Items(Answer preview) => [.. preview.Body.GetProperty("items").EnumerateArray().Select(item =>
        item.GetProperty("userName").GetString() + string.Concat(((string[])["leaves", "joins", "keeps"]).Where(name => item.GetProperty(name).GetArrayLength() > 0)
            .Select(name => $" {name} {string.Join(", ", item.GetProperty(name).EnumerateArray().Select(policy => policy.GetProperty("name").GetString()))}")))];
}
