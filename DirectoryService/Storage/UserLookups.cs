using Npgsql;

namespace DirectoryService.Storage;

/// <summary>A key of <c>user_lookups</c>: slot 0 holds email addresses, the others what an admin chose (<see cref="SearchAttribute"/>).</summary>
internal readonly record struct LookupKey(short Slot, string Key);

/// <summary>
/// What a write changes in <c>user_lookups</c>. A user keeps its rows while it is removed; who looks users up asks for those
/// that are not.
/// </summary>
internal sealed record UserLookups(IReadOnlyList<LookupKey> Gone, IReadOnlyList<LookupKey> Come)
{
    internal const short EmailSlot = 0;

    /// <summary>Parameters of <see cref="AddCte"/>.</summary>
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
    /// A CTE that adds the keys of the parameters from <paramref name="first"/> on for the user whom CTE <paramref name="changed"/>
    /// wrote (id, directory_id); a manual user has none, since only SCIM looks up. A key may be there: one that was filled in
    /// from what the user had been before.
    /// </summary>
    internal static string AddCte(string changed, int first) => $"""
        looked_up_by AS (
          INSERT INTO user_lookups (directory_id, slot, key, user_id)
          SELECT directory_id, slot, key, id FROM {changed} CROSS JOIN unnest(${first}::smallint[], ${first + 1}::text[]) k(slot, key)
          WHERE directory_id IS NOT NULL ON CONFLICT DO NOTHING),
        """;

    /// <summary>CTEs for what changed, and nothing where nothing did, whose parameters are added by Bind, from <paramref name="first"/> on.</summary>
    internal string Cte(string changed, int first) =>
        (Gone.Count == 0 ? "" : $"""
            no_longer_by AS (
              DELETE FROM user_lookups l USING {changed}, unnest(${first}::smallint[], ${first + 1}::text[]) k(slot, key)
              WHERE l.directory_id = {changed}.directory_id AND l.slot = k.slot AND l.key = k.key AND l.user_id = {changed}.id),
            """)
        + (Come.Count == 0 ? "" : AddCte(changed, Gone.Count == 0 ? first : first + KeyParameters));

    internal void Bind(NpgsqlParameterCollection parameters)
    {
        if (Gone.Count > 0) Bind(parameters, Gone);
        if (Come.Count > 0) Bind(parameters, Come);
    }

    internal static void Bind(NpgsqlParameterCollection parameters, IReadOnlyList<LookupKey> keys) =>
        parameters.With(keys.Select(key => key.Slot).ToArray()).With(keys.Select(key => key.Key).ToArray());
}
