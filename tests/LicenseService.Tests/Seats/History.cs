using Contracts.Events.V1;
using FsCheck;
using FsCheck.Fluent;
using Testing;

namespace LicenseService.Tests.Seats;

/// <summary>User <paramref name="User"/> gets another status (the same one: only its name changes).</summary>
public sealed record DirectoryEvent(int User, UserStatus Status);

/// <summary>
/// What happens to users in the directory, and a seed for the order in which the facts arrive and assignments are tried.
/// </summary>
public sealed record History(IReadOnlyList<DirectoryEvent> Steps, int Seed)
{
    public const int Users = 6;

    private static readonly Gen<DirectoryEvent> Any =
        from user in Gen.Choose(0, Users - 1)
        from status in Gen.Frequency((3, Gen.Constant(UserStatus.Active)), (2, Gen.Elements(Enum.GetValues<UserStatus>())))
        select new DirectoryEvent(user, status);

    /// <summary>Shrinks by leaving one step out.</summary>
    public static Arbitrary<History> OfLength(int least, int most) => Arb.From(
        from length in Gen.Choose(least, most)
        from steps in Gen.ListOf(Any, length)
        from seed in Gen.Choose(0, int.MaxValue - 1)
        select new History([.. steps], seed),
        history => Enumerable.Range(0, history.Steps.Count)
            .Select(left => history with { Steps = [.. history.Steps.Where((_, index) => index != left)] }));

    /// <summary>The facts in the order in which they came about, the counter growing as the directory's does.</summary>
    public IReadOnlyList<UserChanged> Tell(Guid account)
    {
        var now = Enumerable.Range(0, Users).Select(n => Facts.User(version: 1, account, userName: $"user{n}@example.com")).ToArray();
        List<UserChanged> facts = [.. now];
        foreach (var (user, status) in Steps)
        {
            var before = now[user];
            var leaves = before.Status == UserStatus.Active && status != UserStatus.Active;
            now[user] = before with
            {
                EventId = Guid.NewGuid(), Version = before.Version + 1, Status = status,
                Deactivations = before.Deactivations + (leaves ? 1 : 0), DisplayName = $"Name {before.Version + 1}",
            };
            facts.Add(now[user]);
        }
        return facts;
    }

    /// <summary>Shuffled, every third fact twice.</summary>
    public UserChanged[] Deliver(IReadOnlyList<UserChanged> facts)
    {
        UserChanged[] delivered = [.. facts, .. facts.Where((_, index) => index % 3 == 0)];
        new Random(Seed).Shuffle(delivered);
        return delivered;
    }
}
