using System.Globalization;

namespace IdpSimulator.Tenants;

/// <summary>
/// Makes tenants of any size. The same run id gives the same names, and other run ids share none, so that a story can be
/// played again on the same directory.
/// </summary>
public sealed class TenantFactory(string runId)
{
    // Not only ASCII: names as they are.
    private static readonly string[] GivenNames =
        ["Ada", "Bjørn", "Chloé", "Dmitri", "Esra", "Fatima", "Grace", "Hiroshi", "Inés", "José", "Kofi", "Łucja", "Mei", "Nikhil", "Olga", "Priya", "Quentin", "Ruth", "Siobhán", "Tomáš"];

    private static readonly string[] FamilyNames =
        ["Almeida", "Björk", "Castillo", "Dvořák", "Eriksen", "Fischer", "García", "Huang", "Ivanova", "Jansen", "Kowalski", "Lindqvist", "Müller", "Nakamura", "O'Brien", "Petrov", "Quist"];

    private static readonly string[] Departments = ["Engineering", "Sales", "Support", "Finance"];

    /// <param name="name">Distinguishes tenants of one run.</param>
    /// <param name="users">How many users.</param>
    /// <param name="groups">How many groups; users are spread over them evenly.</param>
    /// <param name="newId">Makes ids in the provider's form.</param>
    public Tenant Create(string name, int users, int groups, Func<string> newId)
    {
        var people = Enumerable.Range(0, users).Select(index => User(name, index, newId())).ToList();
        var teams = Enumerable.Range(0, groups).Select(index => new TenantGroup
        {
            ExternalId = newId(),
            DisplayName = Invariant($"{name} {Departments[index % Departments.Length]} {index + 1} ({runId})"),
        }).ToList();
        return new Tenant(name, people, teams);
    }

    private TenantUser User(string tenant, int index, string id) => new()
    {
        ExternalId = id,
        UserName = Invariant($"user{index + 1:D5}.{runId}@{tenant}.example"),
        GivenName = GivenNames[index % GivenNames.Length],
        FamilyName = FamilyNames[index % FamilyNames.Length],
        Department = Departments[index % Departments.Length],
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
