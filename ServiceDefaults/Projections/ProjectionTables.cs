using Contracts.Events.V1;
using Npgsql;

namespace ServiceDefaults.Projections;

/// <summary>
/// One set of the four projection tables: the live ones, or the shadow tables that a rebuild fills. A fact changes a row only
/// if its version is newer, so that any order and any repetition of facts gives the same rows.
/// </summary>
internal sealed class ProjectionTables(string prefix, string? groupsThatKnowEdges)
{
    internal static readonly ProjectionTables Live = new("", "groups");
    internal static readonly ProjectionTables Shadow = new("shadow_", null);

    private readonly ProjectionTable<DirectoryChanged, DirectoryRow> directories = ProjectionTableDefinitions.Directories(prefix + "directories");
    private readonly ProjectionTable<UserChanged, UserRow> users = ProjectionTableDefinitions.Users(prefix + "users");
    private readonly ProjectionTable<GroupChanged, GroupRow> groups = ProjectionTableDefinitions.Groups(prefix + "groups");
    private readonly EdgeTable edges = new(prefix + "edges", groupsThatKnowEdges);

    /// <summary>Stores facts in one round trip. Takes locks in the order of <see cref="IFactReaction"/>.</summary>
    internal async Task<AppliedFacts> StoreAsync(NpgsqlTransaction transaction, NewestFacts facts, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        foreach (var statement in
            directories.Statements(facts.Directories).Concat(users.Statements(facts.Users))
                .Concat(groups.Statements(facts.Groups)).Concat(edges.Statements(facts.Edges)))
            batch.BatchCommands.Add(statement);
        if (batch.BatchCommands.Count == 0) return new AppliedFacts([], [], [], []);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        return new AppliedFacts(
            (await directories.ReadAsync(reader, facts.Directories, cancellationToken)).ConvertAll(
                told => new DirectoryStateChange(told.Before, DirectoryRow.Of(told.Fact), told.Fact.EventId, told.Fact.Actor, told.Fact.At)),
            (await users.ReadAsync(reader, facts.Users, cancellationToken)).ConvertAll(
                told => new UserStateChange(told.Before, UserRow.Of(told.Fact), told.Fact.EventId, told.Fact.Actor, told.Fact.At)),
            (await groups.ReadAsync(reader, facts.Groups, cancellationToken)).ConvertAll(
                told => new GroupStateChange(told.Before, GroupRow.Of(told.Fact), told.Fact.EventId, told.Fact.Actor, told.Fact.At)),
            await EdgeTable.ReadAsync(reader, facts.Edges, cancellationToken));
    }
}
