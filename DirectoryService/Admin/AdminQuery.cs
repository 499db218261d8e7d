using System.Globalization;
using DirectoryService.Protocol;
using DirectoryService.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using ServiceDefaults.Access;

namespace DirectoryService.Admin;

/// <summary>
/// Builds the SQL conditions of an admin list with their parameters. A list is always bound to one account and paged by id.
/// </summary>
internal sealed class AdminQuery
{
    private readonly string alias;
    private readonly List<string> conditions = [];
    private readonly List<object> values = [];

    private AdminQuery(string alias) => this.alias = alias;

    internal static PageLimit Limit(int? asked) => PageLimit.Of(asked, most: 200, standard: 50);

    /// <summary>The refusal when the parameter's value is not one of the words; null when it is valid or was not sent.</summary>
    internal static ProblemHttpResult? InvalidWord(string parameter, string? value, IEnumerable<string> words) =>
        value is null || words.Contains(value) ? null : AdminProblem.Invalid($"'{parameter}' must be one of {string.Join(", ", words)}; '{value}' is none.", "unknownWord");

    /// <summary>False when <paramref name="directory"/> is neither an id nor <c>manual</c>.</summary>
    internal static bool TryStart(string alias, Guid accountId, string? directory, string? status, Guid? after, out AdminQuery query)
    {
        query = new AdminQuery(alias);
        query.And($"{alias}.account_id = {{0}}", accountId);
        if (after is { } last) query.And($"{alias}.id > {{0}}", last);
        if (status is not null) query.And($"{alias}.status = {{0}}", status);
        if (directory is null) return true;
        if (directory == "manual") query.conditions.Add($"{alias}.directory_id IS NULL");
        else if (Guid.TryParse(directory, out var id)) query.And($"{alias}.directory_id = {{0}}", id);
        else return false;
        return true;
    }

    internal void And(string condition, object value)
    {
        values.Add(value);
        conditions.Add(string.Format(CultureInfo.InvariantCulture, condition, "$" + values.Count));
    }

    /// <summary>Adds a case-insensitive substring search. Wildcards in the text are escaped.</summary>
    internal void AndContains(string condition, string text)
    {
        var escaped = ScimText.Canonical(text).Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal);
        And(condition, $"%{escaped}%");
    }

    internal async Task<IReadOnlyList<T>> ReadAsync<T>(NpgsqlDataSource db, string select, int limit, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var command = db.CreateCommand($"{select} WHERE {string.Join(" AND ", conditions)} ORDER BY {alias}.id LIMIT {limit}");
        foreach (var value in values)
        {
            if (value is Guid id) command.Parameters.With(id);
            else command.Parameters.With((string)value);
        }
        var items = new List<T>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) items.Add(read(reader));
        return items;
    }
}
