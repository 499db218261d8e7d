using DirectoryService.Protocol;
using DirectoryService.Protocol.Filters;
using NpgsqlTypes;

namespace DirectoryService.Storage;

/// <summary>A condition with {0} for its parameter.</summary>
internal readonly record struct SqlCondition(string Sql, FilterParameter? Parameter);

/// <summary>What the database can be asked of one attribute; null: no column answers that operator.</summary>
internal sealed record FilterColumn(Func<CompareOperator, string, SqlCondition?> Condition)
{
    private static readonly SqlCondition Nobody = new("false", null);

    private static readonly FilterColumn Emails = new((comparison, text) => comparison == CompareOperator.Eq
        ? new("email_keys @> {0}", new(NpgsqlDbType.Array | NpgsqlDbType.Text, new[] { ScimText.Canonical(text) }))
        : null);

    internal static readonly IReadOnlyDictionary<string, FilterColumn> Users = new Dictionary<string, FilterColumn>
    {
        ["userName"] = Text("user_name_key", canonical: true),
        ["externalId"] = Text("external_id", canonical: false),
        ["displayName"] = Text("display_name_key", canonical: true),
        ["id"] = Id("scim_id = {0}"),
        ["active"] = new((comparison, text) => comparison != CompareOperator.Eq ? null : text.ToUpperInvariant() switch
        {
            "TRUE" => new("status = 'active'", null),
            "FALSE" => new("status <> 'active'", null),
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
        ["id"] = Id("scim_id = {0}"),
        // Entra ID asks `id eq "X" and members eq "Y"` before it changes a reference.
        ["members"] = Id(WithMember),
        ["members.value"] = Id(WithMember),
    };

    private const string WithMember = "EXISTS (SELECT FROM group_members m WHERE m.group_scim_id = scim_id AND m.user_scim_id = {0})";
    private const string OfGroup = "EXISTS (SELECT FROM group_members m WHERE m.user_scim_id = scim_id AND m.group_scim_id = {0})";

    /// <summary>eq, and sw as a range that the index serves. Prefixes of a canonical form are not trimmed.</summary>
    private static FilterColumn Text(string column, bool canonical) => new((comparison, text) => comparison switch
    {
        CompareOperator.Eq => new($"{column} = {{0}}", OfText(canonical ? ScimText.Canonical(text) : text)),
        CompareOperator.Sw => new($"{column} LIKE {{0}}", OfText(Escape(canonical ? ScimText.Fold(text) : text) + "%")),
        _ => null,
    });

    private static FilterColumn Id(string condition) => new((comparison, text) => comparison != CompareOperator.Eq ? null
        : Guid.TryParseExact(text, "D", out var id) ? new(condition, new(NpgsqlDbType.Uuid, id)) : Nobody);

    private static FilterParameter OfText(string text) => new(NpgsqlDbType.Text, text);

    /// <summary>Wildcards of LIKE mean themselves.</summary>
    private static string Escape(string text) => text
        .Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal);
}
