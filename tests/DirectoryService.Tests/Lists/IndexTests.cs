using System.Globalization;
using System.Text.RegularExpressions;
using DirectoryService.Leniencies;
using DirectoryService.Lists;
using DirectoryService.Protocol.Filters;
using DirectoryService.Protocol.Schemas;
using DirectoryService.Users;
using Npgsql;
using NpgsqlTypes;

namespace DirectoryService.Tests.Lists;

/// <summary>100,000 users of one directory, analysed: which index answers which filter.</summary>
public sealed partial class IndexTests(DirectoryFixture fixture)
{
    [Fact]
    public async Task Each_filter_of_the_closed_list_is_answered_by_its_index()
    {
        var scim = await fixture.DirectoryAsync();
        var group = await scim.CreateGroupAsync("Hundred");
        await using var owner = NpgsqlDataSource.Create(fixture.OwnerConnectionString);
        await ExecuteAsync(owner, """
            INSERT INTO users (id, account_id, directory_id, scim_id, version, scim_version, idp_active, user_name_key, external_id, display_name_key,
              document, created_at, modified_at)
            SELECT gen_random_uuid(), d.account_id, d.id, gen_random_uuid(), 1, 1, true, 'user' || n, 'ext' || n, 'user ' || n,
              jsonb_build_object('userName', 'user' || n), now(), now()
            FROM directories d, generate_series(1, 100000) n WHERE d.id = $1
            """, scim.DirectoryId);
        await ExecuteAsync(owner, """
            INSERT INTO group_members SELECT $2, scim_id, account_id FROM users WHERE directory_id = $1 LIMIT 100
            """, scim.DirectoryId, group);
        await ExecuteAsync(owner, """
            INSERT INTO user_lookups (directory_id, slot, key, user_id)
            SELECT directory_id, 0, user_name_key || '@example.com', id FROM users WHERE directory_id = $1
            """, scim.DirectoryId);
        await ExecuteAsync(owner, "ANALYZE users");
        await ExecuteAsync(owner, "ANALYZE user_lookups");
        await ExecuteAsync(owner, "ANALYZE group_members");
        var someone = await fixture.ScalarAsync<Guid>("SELECT user_scim_id FROM group_members WHERE group_scim_id = $1 LIMIT 1", group);

        foreach (var (filter, index) in ((string, string)[])
        [
            ("userName eq \"USER77777\"", "users_user_name"),
            ("userName sw \"user7777\"", "users_user_name"),
            ("externalId eq \"ext77777\"", "users_external_id"),
            ("externalId sw \"ext7777\"", "users_external_id"),
            ("displayName eq \"User 77777\"", "users_display_name"),
            ("displayName sw \"User 7777\"", "users_display_name"),
            ("emails.value eq \"user77777@example.com\"", "user_lookups_pkey"),
            ("emails.value sw \"user7777\"", "user_lookups_pkey"),
            ("emails[type eq \"work\"].value eq \"user77777@example.com\"", "user_lookups_pkey"),
            ("userName eq \"nobody\" or emails.value eq \"user77777@example.com\"", "user_lookups_pkey"),
            ($"id eq \"{someone}\"", "users_order"),
            ($"id sw \"{someone.ToString()[..11]}\"", "users_order"),
            ($"groups.value eq \"{group}\"", "group_members_"),
        ])
        {
            var plan = await ExplainAsync(scim.DirectoryId, filter);
            Assert.True(plan.Contains(index, StringComparison.Ordinal) && !plan.Contains("Seq Scan", StringComparison.Ordinal), $"{filter}\n{plan}");
        }

        // A page nine tenths into the list skips less than a bucket of ids, and reads no row but its own.
        var deep = BucketCounts.Page(UserEndpoints.Source(scim.BaseUrl), scim.DirectoryId, new PageRequest(90_000, 100));
        await using var page = fixture.Db.CreateCommand(deep.CommandText);
        foreach (NpgsqlParameter parameter in deep.Parameters) page.Parameters.Add(parameter.Clone());
        var way = await ExplainAsync(page);
        var read = ReadByOrder().Matches(way).Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)).ToList();
        Assert.True(read.Count == 2 && read.Contains(100) && read.Max() < 400, way);
    }

    private async Task<string> ExplainAsync(Guid directoryId, string filter)
    {
        var sql = SqlFilter.Translate(FilterParser.Parse(filter, ResourceSchema.User, LeniencyRegistry.All), FilterColumn.Users, reserved: 1);
        await using var command = fixture.Db.CreateCommand($"SELECT {UserRow.Columns} FROM users WHERE directory_id = $1 AND NOT removed AND {sql.Sql} ORDER BY scim_id LIMIT 100");
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Uuid, Value = directoryId });
        sql.Bind(command.Parameters);
        return await ExplainAsync(command);
    }

    private static async Task<string> ExplainAsync(NpgsqlCommand command)
    {
        command.CommandText = "EXPLAIN (ANALYZE, TIMING OFF) " + command.CommandText;
        var lines = new List<string>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) lines.Add(reader.GetString(0));
        return string.Join('\n', lines);
    }

    /// <summary>Of the list, not of the managers beside it.</summary>
    [GeneratedRegex(@"users_order on users(?! manager).*actual rows=(\d+)")]
    private static partial Regex ReadByOrder();

    private static async Task ExecuteAsync(NpgsqlDataSource db, string sql, params Guid[] values)
    {
        await using var command = db.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = value });
        await command.ExecuteNonQueryAsync();
    }
}
