using DirectoryService.Lifecycle;
using Npgsql;

namespace DirectoryService.Tests.Lifecycle;

/// <summary>
/// The database refuses the rows that no transition leads to, whoever writes them: every combination of the facts is tried.
/// Letters: <see cref="Facts"/>.
/// </summary>
public sealed class StatusConstraintTests(DirectoryFixture fixture)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_user_is_in_no_state_that_does_not_exist(bool ofDirectory)
    {
        var scim = await fixture.DirectoryAsync();
        foreach (var letters in Facts.Combinations("idxrp"))
        {
            var state = Facts.User(letters);
            var refused = (state.Released && !state.ConsoleDisabled && !state.ConsoleDeleted) // released from what?
                || (state.Removed && (state.IdpActive || state.Released))                      // gone for the directory
                || (!ofDirectory && !state.IdpActive && !state.Removed);                       // nobody can unassign a manual user
            Assert.True(refused == await RefusesAsync(InsertUser(scim, ofDirectory, state)), $"{letters}, of a directory: {ofDirectory}");
        }
    }

    [Theory]
    [InlineData("version", 0)]
    [InlineData("scim_version", 0)]
    [InlineData("deactivations", -1)]
    public async Task A_users_counters_do_not_run_backwards(string column, long value)
    {
        var scim = await fixture.DirectoryAsync();
        Assert.False(await RefusesAsync(InsertUser(scim, true, Facts.User("i"))));
        Assert.True(await RefusesAsync(InsertUser(scim, true, Facts.User("i"), (column, value))));
    }

    [Theory]
    [InlineData("version", 0)]
    [InlineData("scim_version", 0)]
    public async Task A_groups_counters_do_not_run_backwards(string column, long value)
    {
        var scim = await fixture.DirectoryAsync();
        Assert.False(await RefusesAsync(InsertGroup(scim, Facts.Group("-"))));
        Assert.True(await RefusesAsync(InsertGroup(scim, Facts.Group("-"), (column, value))));
    }

    [Fact]
    public async Task A_group_is_in_no_state_that_does_not_exist()
    {
        var scim = await fixture.DirectoryAsync();
        foreach (var letters in Facts.Combinations("dxp"))
        {
            var state = Facts.Group(letters);
            Assert.True((state.Removed && state.ConsoleDeleted) == await RefusesAsync(InsertGroup(scim, state)), letters);
        }
    }

    private static string InsertUser(ScimClient scim, bool ofDirectory, UserState state, (string Column, long Value)? counter = null) => Insert("users", scim, ofDirectory,
        new()
        {
            ["idp_active"] = state.IdpActive,
            ["console_disabled"] = state.ConsoleDisabled,
            ["console_deleted"] = state.ConsoleDeleted,
            ["released"] = state.Released,
            ["removed"] = state.Removed,
            ["deactivations"] = 0L,
            ["user_name_key"] = "somebody",
        }, counter);

    private static string InsertGroup(ScimClient scim, GroupState state, (string Column, long Value)? counter = null) => Insert("groups", scim, true,
        new()
        {
            ["console_disabled"] = state.ConsoleDisabled,
            ["console_deleted"] = state.ConsoleDeleted,
            ["removed"] = state.Removed,
            ["display_name_key"] = "some group",
        }, counter);

    private static string Insert(string table, ScimClient scim, bool ofDirectory, Dictionary<string, object> facts, (string Column, long Value)? counter)
    {
        (facts["version"], facts["scim_version"]) = (1L, 1L);
        if (counter is var (column, value)) facts[column] = value;
        var values = facts.Values.Select(fact => fact switch { string text => $"'{text}'", true => "true", false => "false", _ => fact.ToString() });
        return $"""
            INSERT INTO {table} (id, account_id, directory_id, scim_id, document, created_at, modified_at, {string.Join(", ", facts.Keys)})
            SELECT gen_random_uuid(), account_id, {(ofDirectory ? "id" : "NULL")}, gen_random_uuid(), '{"{}"}', now(), now(), {string.Join(", ", values)}
            FROM directories WHERE id = '{scim.DirectoryId}'
            """;
    }

    /// <summary>Whether a CHECK refuses the row; anything else that goes wrong is an error. Nothing is kept.</summary>
    private async Task<bool> RefusesAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(fixture.OwnerConnectionString);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        try
        {
            Assert.Equal(1, await command.ExecuteNonQueryAsync());
            return false;
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.CheckViolation)
        {
            return true;
        }
    }
}
