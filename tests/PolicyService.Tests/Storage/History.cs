using Contracts.Events.V1;
using FsCheck;
using FsCheck.Fluent;

namespace PolicyService.Tests.Storage;

/// <summary>Something that happens in the directory.</summary>
public abstract record DirectoryEvent
{
    public sealed record UserIs(int User, UserStatus Status) : DirectoryEvent;

    public sealed record UserComesBack(int User) : DirectoryEvent;

    public sealed record GroupIs(int Group, GroupStatus Status) : DirectoryEvent;

    public sealed record GroupComesBack(int Group) : DirectoryEvent;

    /// <param name="Users">Bit n: user n.</param>
    public sealed record Members(int Group, int Users, bool Present) : DirectoryEvent;
}

/// <summary>What happens, and a seed for the order in which its facts arrive.</summary>
public sealed record History(IReadOnlyList<DirectoryEvent> Steps, int Seed)
{
    public const int Users = 4;
    public const int Groups = 3;

    private static readonly Gen<DirectoryEvent> Any =
        from kind in Gen.Choose(0, 9)
        from user in Gen.Choose(0, Users - 1)
        from groupIndex in Gen.Choose(0, Groups - 1)
        from users in Gen.Choose(1, (1 << Users) - 1)
        from userStatus in Gen.Elements(Enum.GetValues<UserStatus>())
        from groupStatus in Gen.Elements(Enum.GetValues<GroupStatus>())
        from present in Gen.Frequency((3, Gen.Constant(true)), (2, Gen.Constant(false)))
        select kind switch
        {
            0 or 1 => new DirectoryEvent.UserIs(user, userStatus),
            2 => new DirectoryEvent.UserComesBack(user),
            3 => new DirectoryEvent.GroupIs(groupIndex, groupStatus),
            4 => new DirectoryEvent.GroupComesBack(groupIndex),
            _ => (DirectoryEvent)new DirectoryEvent.Members(groupIndex, users, present),
        };

    /// <summary>Shrinks by leaving one step out.</summary>
    public static Arbitrary<History> OfLength(int least, int most) => Arb.From(
        from length in Gen.Choose(least, most)
        from steps in Gen.ListOf(Any, length)
        from seed in Gen.Choose(0, int.MaxValue - 1)
        select new History([.. steps], seed),
        history => Enumerable.Range(0, history.Steps.Count)
            .Select(left => history with { Steps = [.. history.Steps.Where((_, index) => index != left)] }));

    /// <summary>The facts in the order in which they came about.</summary>
    /// <param name="directory">Of every second user; null: all are manual users.</param>
    public IReadOnlyList<IFact> Tell(Guid account, Guid? directory = null)
    {
        var users = Enumerable.Range(0, Users).Select(n => new TestUser(account, $"user{n}", n % 2 == 0 ? directory : null)).ToArray();
        var groups = Enumerable.Range(0, Groups).Select(n => new TestGroup(account, $"group{n}")).ToArray();
        return
        [
            .. users.Select(user => user.Is()),
            .. groups.Select(group => group.Is()),
            .. Steps.Select(step => (IFact)(step switch
            {
                DirectoryEvent.UserIs now => users[now.User].Is(now.Status),
                DirectoryEvent.UserComesBack back => users[back.User].ComesBack(),
                DirectoryEvent.GroupIs now => groups[now.Group].Is(now.Status),
                DirectoryEvent.GroupComesBack back => groups[back.Group].ComesBack(),
                DirectoryEvent.Members edges => groups[edges.Group].Members(edges.Present, [.. users.Where((_, n) => (edges.Users & 1 << n) != 0)]),
                _ => throw new InvalidOperationException(step.ToString()),
            })),
        ];
    }

    /// <summary>Shuffled, every third fact twice.</summary>
    public IFact[] Deliver(IReadOnlyList<IFact> facts)
    {
        IFact[] delivered = [.. facts, .. facts.Where((_, index) => index % 3 == 0)];
        new Random(Seed).Shuffle(delivered);
        return delivered;
    }

    /// <summary>The same in batches of one to five.</summary>
    public IEnumerable<IFact[]> Batches(IReadOnlyList<IFact> facts)
    {
        var random = new Random(Seed);
        var delivered = Deliver(facts);
        for (var taken = 0; taken < delivered.Length;)
        {
            var batch = delivered.Skip(taken).Take(random.Next(1, 6)).ToArray();
            taken += batch.Length;
            yield return batch;
        }
    }
}
