using DirectoryService.Protocol;
using DirectoryService.Protocol.Filters;
using DirectoryService.Users;
using NpgsqlTypes;

namespace DirectoryService.Lists;

/// <summary>An SQL condition with {0}, {1} … for its parameters; $1 is the directory.</summary>
internal readonly record struct SqlCondition(string Sql, params FilterParameter[] Parameters)
{
    /// <summary>Whether the condition may select rows that the filter does not select. It never misses one.</summary>
    internal bool Narrows { get; init; }
}

/// <summary>The SQL conditions for one attribute; null for an operator that no column supports.</summary>
internal sealed record FilterColumn(Func<CompareOperator, string, SqlCondition?> Condition)
{
    private static readonly SqlCondition Nobody = new("false");

    private static readonly FilterColumn Emails = Lookup(UserLookups.EmailSlot);

    internal static readonly IReadOnlyDictionary<string, FilterColumn> Users = new Dictionary<string, FilterColumn>
    {
        ["userName"] = Text("user_name_key", canonical: true),
        ["externalId"] = Text("external_id", canonical: false),
        ["displayName"] = Text("display_name_key", canonical: true),
        ["id"] = OwnId,
        ["active"] = new((comparison, text) => comparison != CompareOperator.Eq ? null : text.ToUpperInvariant() switch
        {
            "TRUE" => new("status = 'active'"),
            "FALSE" => new("status <> 'active'"),
            _ => Nobody,
        }),
        ["emails"] = Emails,
        ["emails.value"] = Emails,
        ["groups"] = Id(OfGroup),
        ["groups.value"] = Id(OfGroup),
    };

    internal static readonly IReadOnlyDictionary<string, FilterColumn> Groups = new Dictionary<string, FilterColumn>
    {
        ["displayName"] = Text("display_name_key", canonical: true),
        ["externalId"] = Text("external_id", canonical: false),
        ["id"] = OwnId,
        // Entra ID asks `id eq "X" and members eq "Y"` before it changes a reference.
        ["members"] = Id(WithMember),
        ["members.value"] = Id(WithMember),
    };

    /// <summary>The columns of users of a directory, with the search attributes chosen by its admin once all keys exist.</summary>
    internal static IReadOnlyDictionary<string, FilterColumn> OfUsers(IReadOnlyList<SearchAttribute> chosen)
    {
        if (!chosen.Any(attribute => attribute.IsReady)) return Users;
        var columns = new Dictionary<string, FilterColumn>(Users);
        foreach (var attribute in chosen.Where(attribute => attribute.IsReady))
            foreach (var path in attribute.Paths) columns[path] = Chosen(attribute);
        return columns;
    }

    private const string WithMember = "EXISTS (SELECT FROM group_members m WHERE m.group_scim_id = scim_id AND m.user_scim_id = {0})";
    private const string OfGroup = "EXISTS (SELECT FROM group_members m WHERE m.user_scim_id = scim_id AND m.group_scim_id = {0})";

    /// <summary>The column of the id, which is caseExact.</summary>
    private static FilterColumn OwnId => new((comparison, text) => comparison switch
    {
        CompareOperator.Eq => Guid.TryParseExact(text, "D", out var id) && id.ToString() == text ? new("scim_id = {0}", Of(id)) : Nobody,
        CompareOperator.Sw => IdPrefixRange.Range(text) is { } range ? new("scim_id BETWEEN {0} AND {1}", Of(range.First), Of(range.Last)) : Nobody,
        _ => null,
    });

    private static FilterColumn Text(string column, bool canonical) => new((comparison, text) => TextCondition(column, comparison, text, canonical));

    /// <summary>
    /// Conditions on a look-up table. They select the ids first, because in a join a wrong estimate could scan the whole
    /// directory.
    /// </summary>
    private static FilterColumn Lookup(short slot) => new((comparison, text) => LookedUp(slot, TextCondition("l.key", comparison, text, canonical: true)));

    private static FilterColumn Chosen(SearchAttribute attribute) => new((comparison, text) => comparison switch
    {
        CompareOperator.Eq => LookedUp(attribute.Slot, Equal("l.key", attribute.Key(text))),
        CompareOperator.Sw when attribute.Prefix(text) is { Length: > 0 } prefix => LookedUp(attribute.Slot, Begins("l.key", prefix)),
        _ => null,
    } is { } condition ? condition with { Narrows = true } : null);

    private static SqlCondition? LookedUp(short slot, SqlCondition? key) => key is not { } condition ? null
        : condition with { Sql = $"id = ANY(ARRAY(SELECT l.user_id FROM user_lookups l WHERE l.directory_id = $1 AND l.slot = {slot} AND {condition.Sql}))" };

    private static SqlCondition? TextCondition(string column, CompareOperator comparison, string text, bool canonical) => comparison switch
    {
        CompareOperator.Eq => Equal(column, canonical ? ScimText.Canonical(text) : text),
        CompareOperator.Sw when text.Length > 0 => Begins(column, canonical ? ScimText.Fold(text) : text),
        _ => null,
    };

    private static SqlCondition Equal(string column, string key) => new($"{column} = {{0}}", Of(key));

    /// <summary>A range condition for "starts with": from the prefix to the last Unicode character. Prefixes are not trimmed.</summary>
    private static SqlCondition Begins(string column, string prefix) => new($"({column} >= {{0}} AND {column} < {{0}} || chr(1114111))", Of(prefix));

    private static FilterColumn Id(string condition) => new((comparison, text) => comparison != CompareOperator.Eq ? null
        : Guid.TryParseExact(text, "D", out var id) ? new(condition, Of(id)) : Nobody);

    private static FilterParameter Of(string text) => new(NpgsqlDbType.Text, text);

    private static FilterParameter Of(Guid id) => new(NpgsqlDbType.Uuid, id);
}
