using DirectoryService.Protocol;
using DirectoryService.Protocol.Filters;
using Npgsql;

namespace DirectoryService.Storage;

/// <summary>
/// A filter as SQL: parameters only, columns from a closed table. Its parameters come after those of the statement that it
/// stands in.
/// </summary>
internal sealed class SqlFilter
{
    internal static readonly SqlFilter All = new("true", []);

    private readonly List<object> values;

    private SqlFilter(string sql, List<object> values) => (Sql, this.values) = (sql, values);

    internal string Sql { get; }

    internal void Bind(NpgsqlParameterCollection parameters)
    {
        foreach (var value in values)
            parameters.Add(value is Guid id ? new NpgsqlParameter<Guid> { TypedValue = id } : new NpgsqlParameter<string> { TypedValue = (string)value });
    }

    /// <exception cref="ScimException">invalidFilter for what no column of <paramref name="columns"/> serves.</exception>
    internal static SqlFilter Translate(Filter? filter, IReadOnlyDictionary<string, FilterColumn> columns, int reserved)
    {
        if (filter is null) return All;
        var values = new List<object>();
        return new SqlFilter(Walk(filter), values);

        string Walk(Filter part) => part switch
        {
            Filter.And and => $"({Walk(and.Left)} AND {Walk(and.Right)})",
            Filter.Or or => $"({Walk(or.Left)} OR {Walk(or.Right)})",
            Filter.Not not => $"(NOT coalesce({Walk(not.Inner)}, false))",
            Filter.Compare { Operator: CompareOperator.Eq } compare when columns.TryGetValue(compare.Path.ToString(), out var column) => Equal(column, compare.Value),
            _ => throw ScimException.InvalidFilter(
                $"This service filters with eq on {string.Join(", ", columns.Keys)}, joined by and, or, not. The filter asks for something else."),
        };

        string Equal(FilterColumn column, FilterValue value)
        {
            if (column.Convert(value.Text) is not { } converted) return "false";
            values.Add(converted);
            return string.Format(System.Globalization.CultureInfo.InvariantCulture, column.Sql, "$" + (reserved + values.Count));
        }
    }
}

/// <summary>How equality on one attribute is asked of the database.</summary>
/// <param name="Sql">The condition, with {0} for the parameter.</param>
/// <param name="Convert">The text of the filter as the column holds it; null when no row can match.</param>
internal sealed record FilterColumn(string Sql, Func<string, object?> Convert)
{
    private static readonly Func<string, object?> Id = text => Guid.TryParse(text, out var id) ? id : null;

    internal static readonly IReadOnlyDictionary<string, FilterColumn> Users = new Dictionary<string, FilterColumn>
    {
        ["userName"] = new("user_name_key = {0}", ScimText.Canonical),
        ["externalId"] = new("external_id = {0}", text => text),
        ["id"] = new("scim_id = {0}", Id),
        ["active"] = new("(status = 'active') = ({0} = 'true')", text => text.ToLowerInvariant()),
    };

    internal static readonly IReadOnlyDictionary<string, FilterColumn> Groups = new Dictionary<string, FilterColumn>
    {
        ["displayName"] = new("display_name_key = {0}", ScimText.Canonical),
        ["externalId"] = new("external_id = {0}", text => text),
        ["id"] = new("scim_id = {0}", Id),
        // Entra ID asks `id eq "X" and members eq "Y"` before it changes a reference.
        ["members"] = new("EXISTS (SELECT FROM group_members m WHERE m.group_scim_id = scim_id AND m.user_scim_id = {0})", Id),
        ["members.value"] = new("EXISTS (SELECT FROM group_members m WHERE m.group_scim_id = scim_id AND m.user_scim_id = {0})", Id),
    };
}
