using Npgsql;

namespace DirectoryService.Storage;

/// <summary>
/// What a write changes in <c>user_lookups</c>. A user keeps its rows while it is removed; who looks users up asks for those
/// that are not.
/// </summary>
internal sealed record UserLookups(IReadOnlyList<string> Gone, IReadOnlyList<string> Come)
{
    internal const short EmailSlot = 0;

    internal static UserLookups Between(UserRow before, UserRow after)
    {
        if (ReferenceEquals(before.Stored, after.Stored)) return new([], []);
        var (had, has) = (before.Derived.EmailKeys, after.Derived.EmailKeys);
        return new([.. had.Except(has, StringComparer.Ordinal)], [.. has.Except(had, StringComparer.Ordinal)]);
    }

    /// <summary>
    /// A CTE that adds the keys of parameter <paramref name="keys"/> for the user whom CTE <paramref name="changed"/> wrote
    /// (id, directory_id); a manual user has none, since only SCIM looks up.
    /// </summary>
    internal static string AddCte(string changed, int keys) => $"""
        looked_up_by AS (
          INSERT INTO user_lookups (directory_id, slot, key, user_id)
          SELECT directory_id, {EmailSlot}, key, id FROM {changed} CROSS JOIN unnest(${keys}::text[]) key WHERE directory_id IS NOT NULL),
        """;

    /// <summary>CTEs for what changed, and nothing where nothing did; <see cref="Bind"/> adds their parameters, from <paramref name="first"/> on.</summary>
    internal string Cte(string changed, int first) =>
        (Gone.Count == 0 ? "" : $"""
            no_longer_by AS (
              DELETE FROM user_lookups l USING {changed}
              WHERE l.directory_id = {changed}.directory_id AND l.slot = {EmailSlot} AND l.key = ANY(${first}::text[]) AND l.user_id = {changed}.id),
            """)
        + (Come.Count == 0 ? "" : AddCte(changed, Gone.Count == 0 ? first : first + 1));

    internal void Bind(NpgsqlParameterCollection parameters)
    {
        if (Gone.Count > 0) parameters.With(Gone.ToArray());
        if (Come.Count > 0) parameters.With(Come.ToArray());
    }
}
