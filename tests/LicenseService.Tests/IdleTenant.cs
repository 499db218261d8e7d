using Contracts.Events.V1;
using LicenseService.Assignments;
using LicenseService.Holds;
using LicenseService.Pools;
using LicenseService.Rules;
using LicenseService.Waiting;
using Testing;

namespace LicenseService.Tests;

/// <summary>An account on a quiet service: users of several directories in one group, to which a rule gives seats.</summary>
internal sealed class IdleTenant(IdleLicenseSystem quiet)
{
    private readonly Guid group = Guid.NewGuid();
    private readonly Guid groupScimId = Guid.NewGuid();
    private readonly Dictionary<Guid, UserChanged> users = [];
    private long groupVersion = 1;

    internal Guid Account { get; } = Guid.NewGuid();

    internal Guid Pool { get; private set; }

    /// <summary>When what happens now is recorded by the directory.</summary>
    internal DateTimeOffset Now { get; set; } = TimeProvider.System.GetUtcNow();

    internal static async Task<IdleTenant> ArriveAsync(IdleLicenseSystem quiet, int seats)
    {
        var tenant = new IdleTenant(quiet);
        tenant.Pool = (await quiet.Get<PoolStore>().CreateAsync(tenant.Account, Products.Ztna, seats, Facts.Actor, CancellationToken.None))!.Pool.Id;
        await quiet.ApplyAsync(Facts.Group(version: 1, tenant.Account, tenant.group, tenant.groupScimId));
        await quiet.InsertRuleAsync(tenant.Account, new Rule(Guid.NewGuid(), tenant.Pool, RuleKind.Group, tenant.group, 0));
        return tenant;
    }

    /// <summary>One after the other stands in line, and gets a seat while one is open. Returns their ids.</summary>
    internal async Task<List<Guid>> HireAsync(Guid directory, int count)
    {
        var hired = new List<Guid>();
        for (var n = 0; n < count; n++)
        {
            var user = Facts.User(version: 1, Account, directory: directory);
            users.Add(user.UserId, user);
            hired.Add(user.UserId);
            await quiet.ApplyAsync(user, Facts.Members(++groupVersion, Account, group, groupScimId, (user.UserId, user.ScimId, true)));
            await quiet.WorkAsync();
        }
        return hired;
    }

    /// <summary>The worker does not run: what the facts themselves do can be seen.</summary>
    internal Task TellAsync(params IEnumerable<UserChanged> changed) => quiet.ApplyAsync([.. changed]);

    internal async Task LeaveAsync(params IEnumerable<Guid> leaving)
    {
        await TellAsync(leaving.Select(Leaves));
        await quiet.WorkAsync();
    }

    internal async Task ReturnAsync(params IEnumerable<Guid> returning)
    {
        await TellAsync(returning.Select(user => Changed(user, was => was with { Status = UserStatus.Active })));
        await quiet.WorkAsync();
    }

    internal UserChanged Leaves(Guid user) => Changed(user, was => was with { Status = UserStatus.Unassigned, Deactivations = was.Deactivations + 1 });

    private UserChanged Changed(Guid user, Func<UserChanged, UserChanged> change) =>
        users[user] = change(users[user]) with { EventId = Guid.NewGuid(), Version = users[user].Version + 1, At = Now };

    /// <summary>The directory raises an alert; the id of its hold.</summary>
    internal async Task<Guid> AlertAsync(Guid directory, DateTimeOffset? at = null)
    {
        var alert = new MassDeactivation { AlertId = Guid.NewGuid(), At = at ?? Now, Deactivated = 600, Users = 2_000 };
        await quiet.ApplyAsync(Facts.Directory(version: 2, Account, directory) with { LastAlert = alert });
        await quiet.WorkAsync();
        return alert.AlertId;
    }

    internal async Task ReleaseAsync(Guid hold)
    {
        Assert.True(await quiet.Get<HoldStore>().ReleaseAsync(Account, hold, Facts.Actor, CancellationToken.None));
        await quiet.WorkAsync();
    }

    internal Task<AssignmentOutcome> AssignAsync(Guid user) => quiet.Get<SeatAssignment>().AssignAsync(Account, Pool, user, Facts.Actor, final: true, CancellationToken.None);

    internal Task<List<Guid>> HoldersAsync() =>
        quiet.RowsAsync("SELECT user_id FROM grants WHERE account_id = $1 ORDER BY user_id", row => row.GetGuid(0), Account);

    /// <summary>Whose seats are kept back.</summary>
    internal Task<List<Guid>> KeptBackAsync() =>
        quiet.RowsAsync("SELECT user_id FROM held_seats WHERE account_id = $1 ORDER BY user_id", row => row.GetGuid(0), Account);

    internal async Task<List<Guid>> LineAsync() =>
        [.. (await quiet.Get<WaitingListStore>().ListAsync(Account, Pool, null, 1_000, CancellationToken.None)).Select(user => user.UserId)];

    internal async Task<Pool> SeatsAsync() => (await quiet.Get<PoolStore>().FindAsync(Account, Pool, CancellationToken.None))!.Pool;

    internal Task<List<string>> HistoryAsync(Guid user) => quiet.RowsAsync(
        "SELECT kind || ' ' || reason FROM grant_history WHERE account_id = $1 AND user_id = $2 ORDER BY entry", row => row.GetString(0), Account, user);
}
