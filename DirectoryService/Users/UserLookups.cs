using DirectoryService.Lists;
using DirectoryService.Storage;
using Npgsql;

namespace DirectoryService.Users;

/// <summary>A key of <c>user_lookups</c>: slot 0 holds email addresses, the others what an admin chose (<see cref="SearchAttribute"/>).</summary>
internal readonly record struct LookupKey(short Slot, string Key);

/// <summary>
/// The changes of a write in <c>user_lookups</c>. A removed user keeps its rows; look-ups exclude removed users.
/// </summary>
internal sealed record UserLookups(IReadOnlyList<LookupKey> Removed, IReadOnlyList<LookupKey> Added)
{
    internal const short EmailSlot = 0;

    /// <summary>Number of parameters of <see cref="AddCte"/>.</summary>
    internal const int KeyParameters = 2;

    internal static UserLookups Between(UserRow before, UserRow after, IReadOnlyList<SearchAttribute> chosen)
    {
        if (ReferenceEquals(before.Stored, after.Stored)) return new([], []);
        var (had, has) = (Of(before, chosen), Of(after, chosen));
        return new([.. had.Except(has)], [.. has.Except(had)]);
    }

    internal static IReadOnlyList<LookupKey> Of(UserRow user, IReadOnlyList<SearchAttribute> chosen) =>
    [
        .. user.Derived.EmailKeys.Select(key => new LookupKey(EmailSlot, key)),
        .. chosen.SelectMany(attribute => attribute.Keys(user.Document).Select(key => new LookupKey(attribute.Slot, key))),
    ];

    /// <summary>
    /// SQL of a CTE that inserts the keys given by the parameters from <paramref name="first"/> on, for the user written by CTE
    /// <paramref name="changed"/> (id, directory_id). Manual users have no keys, because only SCIM looks users up. A key may
    /// already exist from a backfill.
    /// </summary>
    internal static string AddCte(string changed, int first) => $"""
        looked_up_by AS (
          INSERT INTO user_lookups (directory_id, slot, key, user_id)
          SELECT directory_id, slot, key, id FROM {changed} CROSS JOIN unnest(${first}::smallint[], ${first + 1}::text[]) k(slot, key)
          WHERE directory_id IS NOT NULL ON CONFLICT DO NOTHING),
        """;

    /// <summary>SQL of CTEs for the changed keys, or an empty string; Bind adds the parameters from <paramref name="first"/> on.</summary>
    internal string Cte(string changed, int first) =>
        (Removed.Count == 0 ? "" : $"""
            no_longer_by AS (
              DELETE FROM user_lookups l USING {changed}, unnest(${first}::smallint[], ${first + 1}::text[]) k(slot, key)
              WHERE l.directory_id = {changed}.directory_id AND l.slot = k.slot AND l.key = k.key AND l.user_id = {changed}.id),
            """)
        + (Added.Count == 0 ? "" : AddCte(changed, Removed.Count == 0 ? first : first + KeyParameters));

    internal void Bind(NpgsqlParameterCollection parameters)
    {
        if (Removed.Count > 0) Bind(parameters, Removed);
        if (Added.Count > 0) Bind(parameters, Added);
    }

    internal static void Bind(NpgsqlParameterCollection parameters, IReadOnlyList<LookupKey> keys) =>
        parameters.With(keys.Select(key => key.Slot).ToArray()).With(keys.Select(key => key.Key).ToArray());
}
