using Contracts.Events.V1;
using PolicyService.Members;
using PolicyService.Policies;
using PolicyService.Tests.Storage;

namespace PolicyService.Tests.Feed;

/// <summary>
/// A generated history with policies of every kind on its users and groups: they are made when all users and groups are
/// known, then the rest of the history arrives.
/// </summary>
internal sealed class GeneratedPolicyHistory
{
    private readonly Guid[] users;
    private readonly Guid[] groups;
    private readonly Dictionary<Guid, Guid> firstScimIds;
    private readonly Dictionary<Guid, GeneratedPolicy> policies = [];

    internal GeneratedPolicyHistory(History history, Guid account)
    {
        Facts = history.Tell(account, Directory);
        users = [.. Facts.OfType<UserChanged>().Take(History.Users).Select(fact => fact.UserId)];
        groups = [.. Facts.OfType<GroupChanged>().Take(History.Groups).Select(fact => fact.GroupId)];
        firstScimIds = Facts.OfType<UserChanged>().Take(History.Users).ToDictionary(fact => fact.UserId, fact => fact.ScimId);
    }

    internal Guid Directory { get; } = Guid.NewGuid();

    internal IReadOnlyList<IFact> Facts { get; }

    internal IFact[] Beginning(Guid account) => [Testing.Facts.Directory(1, account, Directory), .. Facts.Take(History.Users + History.Groups)];

    /// <summary>What the directory tells a rebuild: how it all ended.</summary>
    internal IEnumerable<IFact> State(Guid account) => [Testing.Facts.Directory(1, account, Directory), .. new ExpectedProjections(Facts).State()];

    internal async Task MakeAsync(PolicyClient client)
    {
        GeneratedPolicy[] made =
        [
            new("one group") { Groups = [groups[0]] },
            new("two groups but one user") { Groups = [groups[0], groups[1]], NotUsers = [users[0]] },
            new("everyone but a group") { Everyone = true, NotGroups = [groups[1]] },
            new("a directory but a group") { Directories = [Directory], NotGroups = [groups[2]] },
            new("some users") { Users = [users[0], users[1], users[3]] },
            new("everyone but a directory and a user") { Everyone = true, NotDirectories = [Directory], NotUsers = [users[3]] },
            new("a group and a user but a directory") { Groups = [groups[2]], Users = [users[1]], NotDirectories = [Directory] },
        ];
        foreach (var policy in made) policies[await client.PolicyAsync(policy.Body)] = policy with { Named = true };
    }

    /// <summary>An admin at work: switches one policy off and on, and changes the exclusions of another.</summary>
    internal async Task EditAsync(PolicyClient client, Random random)
    {
        var (id, policy) = policies.ElementAt(random.Next(policies.Count));
        policies[id] = random.Next(3) == 0
            ? policy with { NotGroups = policy.NotGroups is [] && !policy.Groups.Contains(groups[1]) ? [groups[1]] : [] }
            : policy with { Enabled = !policy.Enabled };
        Assert.Equal(System.Net.HttpStatusCode.OK, (await client.PutAsync($"policies/{id}", policies[id].Body)).Status);
    }

    /// <summary>By the pure rule, from one fact after the other: <c>policy user</c>, sorted.</summary>
    internal List<string> Members()
    {
        var fold = new ExpectedProjections(Facts);
        return [.. policies.SelectMany(policy => users.Where(user => PolicyRule.Decide(Terms(policy.Value), fold.Of(user)).Applies).Select(user => $"{policy.Key} {user}"))
            .Order(StringComparer.Ordinal)];
    }

    private PolicyTerms Terms(GeneratedPolicy policy) => new(
        policy.Enabled, policy.Everyone, Terms(policy.Users, policy.Groups, policy.Directories), Terms(policy.NotUsers, policy.NotGroups, policy.NotDirectories));

    private List<PolicyTerm> Terms(Guid[] ofUsers, Guid[] ofGroups, Guid[] ofDirectories) =>
    [
        .. ofUsers.Select(id => new PolicyTerm(Subject.User, id, firstScimIds[id])),
        .. ofGroups.Select(id => new PolicyTerm(Subject.Group, id)), .. ofDirectories.Select(id => new PolicyTerm(Subject.Directory, id)),
    ];

    private sealed record GeneratedPolicy(string Name)
    {
        internal bool Enabled { get; init; } = true;
        internal bool Everyone { get; init; }
        internal Guid[] Users { get; init; } = [];
        internal Guid[] Groups { get; init; } = [];
        internal Guid[] Directories { get; init; } = [];
        internal Guid[] NotUsers { get; init; } = [];
        internal Guid[] NotGroups { get; init; } = [];
        internal Guid[] NotDirectories { get; init; } = [];

        /// <summary>Users are left out once they are named: naming one again would name it as it is then.</summary>
        internal object Body => new
        {
            name = Name, enabled = Enabled, everyone = Everyone, groupIds = Groups, directoryIds = Directories,
            userIds = Fresh(Users), excludedUserIds = Fresh(NotUsers), excludedGroupIds = NotGroups, excludedDirectoryIds = NotDirectories,
        };

        internal bool Named { get; init; }

        private Guid[]? Fresh(Guid[] ids) => Named ? null : ids;
    }
}
