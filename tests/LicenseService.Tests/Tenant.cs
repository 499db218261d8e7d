using Contracts.Events.V1;
using Testing;

namespace LicenseService.Tests;

/// <summary>An account with a pool, as its facts tell of it; they go past the broker.</summary>
internal sealed class Tenant(LicenseSystem system) : IDisposable
{
    internal Guid Account { get; } = Guid.NewGuid();

    internal Guid Directory { get; } = Guid.NewGuid();

    internal LicenseClient Client { get; private set; } = null!;

    internal Guid Pool { get; private set; }

    internal List<UserChanged> Users { get; } = [];

    internal GroupChanged Group { get; private set; } = null!;

    private long groupVersion = 1;

    /// <summary>Users by id, all of them in one group.</summary>
    internal static async Task<Tenant> ArriveAsync(LicenseSystem system, int users, int seats)
    {
        var tenant = new Tenant(system);
        tenant.Client = system.Client(tenant.Account);
        tenant.Pool = await tenant.Client.PoolAsync(seats);
        tenant.Group = Facts.Group(version: 1, tenant.Account, Guid.NewGuid(), Guid.NewGuid(), displayName: "Field staff", directory: tenant.Directory);
        await system.ApplyAsync(tenant.Group);
        await tenant.HireAsync(users);
        return tenant;
    }

    internal async Task<List<UserChanged>> HireAsync(int count)
    {
        List<UserChanged> hired =
        [
            .. Enumerable.Range(0, count).Select(_ => Facts.User(version: 1, Account, directory: Directory)).OrderBy(user => user.UserId),
        ];
        Users.AddRange(hired);
        foreach (var some in hired.Chunk(MembersChanged.MaxEdges))
            await system.ApplyAsync([.. some, Members(some, present: true)]);
        return hired;
    }

    internal MembersChanged Members(IEnumerable<UserChanged> users, bool present) => Facts.Members(
        ++groupVersion, Account, Group.GroupId, Group.ScimId, [.. users.Select(user => (user.UserId, user.ScimId, present))]);

    /// <summary>Stores the change as the user's newest state and tells it.</summary>
    internal async Task ChangeAsync(int user, Func<UserChanged, UserChanged> change)
    {
        await ApplyAsync(Change(user, change));
    }

    internal Task ApplyAsync(params IFact[] facts) => system.ApplyAsync(facts);

    internal UserChanged Change(int user, Func<UserChanged, UserChanged> change) =>
        Users[user] = change(Users[user]) with { EventId = Guid.NewGuid(), Version = Users[user].Version + 1 };

    internal static UserChanged Leaves(UserChanged user) => user with { Status = UserStatus.Unassigned, Deactivations = user.Deactivations + 1 };

    internal static UserChanged Returns(UserChanged user) => user with { Status = UserStatus.Active };

    internal Task GroupBecomesAsync(GroupStatus status) =>
        ApplyAsync(Group = Group with { EventId = Guid.NewGuid(), Version = ++groupVersion, Status = status });

    internal async Task<Guid> RuleAsync(string kind = "group", int? order = null)
    {
        var made = await Client.PostAsync($"pools/{Pool}/rules", new { kind, groupId = kind == "group" ? Group.GroupId : (Guid?)null, order });
        Assert.Equal(System.Net.HttpStatusCode.Created, made.Status);
        return made.Body.GetProperty("id").GetGuid();
    }

    internal Task SettledAsync() => system.SettledAsync(Account);

    internal async Task<IEnumerable<Guid>> HoldersAsync() =>
        (await system.RowsAsync("SELECT user_id FROM grants WHERE account_id = $1", row => row.GetGuid(0), Account)).Order();

    internal async Task<List<Guid>> LineAsync() =>
        [.. (await Client.GetAsync($"pools/{Pool}/waiting")).Body.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("userId").GetGuid())];

    public void Dispose() => Client.Dispose();
}
