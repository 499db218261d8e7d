using Contracts.Events.V1;
using LicenseService.Assignments;
using LicenseService.Pools;
using LicenseService.Rules;
using LicenseService.Waiting;
using LicenseService.Work;

namespace LicenseService.Tests.Seats;

/// <summary>
/// What the service must hold, by the pure rules on plain values: facts are kept where newer, everybody is judged after each
/// step, and open seats go to the first in line.
/// </summary>
internal sealed class SeatModel(Guid pool, int seats)
{
    private readonly Dictionary<Guid, UserChanged> users = [];
    private readonly Dictionary<Guid, GroupChanged> groups = [];
    private readonly Dictionary<(Guid GroupScim, Guid UserScim), (bool Present, long Version, Guid Group)> edges = [];
    private readonly Dictionary<Guid, Rule> rules = [];
    private int steps;

    internal int Seats { get; private set; } = seats;

    internal Dictionary<Guid, GrantedSeat> Grants { get; } = [];

    /// <summary>Since which step, and the user's counter then.</summary>
    private Dictionary<Guid, (int Since, long Deactivations)> Waiting { get; } = [];

    internal IReadOnlyCollection<Rule> Rules => rules.Values;

    private Pool Pool => new(pool, Products.Ztna, Seats, Grants.Count);

    internal void Learn(IEnumerable<IFact> facts)
    {
        foreach (var fact in facts)
        {
            switch (fact)
            {
                case UserChanged user when !users.TryGetValue(user.UserId, out var known) || known.Version < user.Version: users[user.UserId] = user; break;
                case GroupChanged group when !groups.TryGetValue(group.GroupId, out var known) || known.Version < group.Version: groups[group.GroupId] = group; break;
                case MembersChanged members:
                    foreach (var edge in members.Edges)
                        if (!edges.TryGetValue((members.GroupScimId, edge.UserScimId), out var known) || known.Version < members.Version)
                            edges[(members.GroupScimId, edge.UserScimId)] = (edge.Present, members.Version, members.GroupId);
                    break;
            }
        }
        Settle();
    }

    internal void Put(Rule rule)
    {
        rules[rule.Id] = rule;
        Settle();
    }

    internal void Delete(Guid rule)
    {
        rules.Remove(rule);
        Settle();
    }

    /// <summary>Null: given, or held already.</summary>
    internal Refusal? Assign(Guid user)
    {
        var holder = Holder(user);
        if (Grants.TryGetValue(user, out var held))
        {
            Grants[user] = held with { Manual = true };
            return null;
        }
        if (SeatRules.FindRefusal(holder, Pool) is { } refusal) return refusal;
        Grants[user] = new GrantedSeat(holder!.Deactivations, Manual: true);
        Waiting.Remove(user);
        return null;
    }

    internal UnassignOutcome Unassign(Guid user)
    {
        if (!Grants.TryGetValue(user, out var held)) return UnassignOutcome.NoGrant;
        if (!held.Manual) return UnassignOutcome.HeldByRule;
        if (First(user) is not null)
        {
            Grants[user] = held with { Manual = false };
            return UnassignOutcome.KeptByRule;
        }
        Grants.Remove(user);
        Settle();
        return UnassignOutcome.Freed;
    }

    /// <summary>False: more are in use.</summary>
    internal bool Resize(int to)
    {
        if (Grants.Count > to) return false;
        Seats = to;
        Settle();
        return true;
    }

    internal IEnumerable<Guid> InLine() => WaitingList.Ordered(Waiters()).Select(waiter => waiter.UserId);

    private IEnumerable<WaitingListEntry> Waiters() => Waiting.Select(pair => new WaitingListEntry(pair.Key, First(pair.Key)!, DateTimeOffset.UnixEpoch.AddDays(pair.Value.Since)));

    internal Rule? First(Guid user) => Holder(user) is not { } holder ? null : Rule.Matching(Rules, holder, LiveGroups(user)).FirstOrDefault();

    private void Settle()
    {
        steps++;
        foreach (var (id, user) in users)
        {
            var verdict = SeatRules.Decide(Holder(id), Grants.GetValueOrDefault(id), First(id) is not null);
            if (verdict.FreeReason is not null) Grants.Remove(id);
            if (!verdict.ShouldWait) Waiting.Remove(id);
            else if (!Waiting.TryGetValue(id, out var place) || place.Deactivations != user.Deactivations) Waiting[id] = (steps, user.Deactivations);
        }
        foreach (var next in WaitingList.SelectNext(Pool, Waiters()))
        {
            Grants[next.UserId] = new GrantedSeat(users[next.UserId].Deactivations, Manual: false);
            Waiting.Remove(next.UserId);
        }
    }

    internal SeatCandidate? Holder(Guid user) =>
        users.TryGetValue(user, out var known) ? new SeatCandidate(known.Status, known.Deactivations, known.Email is not null, known.DirectoryId is not null) : null;

    private HashSet<Guid> LiveGroups(Guid user) =>
    [
        .. groups.Values.Where(group => group.Status == GroupStatus.Live
            && edges.TryGetValue((group.ScimId, users[user].ScimId), out var edge) && edge.Present).Select(group => group.GroupId),
    ];
}
