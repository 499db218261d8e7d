namespace Contracts.Events.V1;

/// <summary>
/// The message on the wire: facts that were recorded about the same time, of any accounts, up to <see cref="MaxFacts"/> of
/// them. Their order says nothing (see <see cref="IFact.Version"/>); a kind of which there are none is absent.
/// </summary>
public sealed record FactBatch
{
    public const int MaxFacts = 100;

    public IReadOnlyList<UserChanged>? Users { get; init; }
    public IReadOnlyList<GroupChanged>? Groups { get; init; }
    public IReadOnlyList<MembersChanged>? Members { get; init; }
    public IReadOnlyList<DirectoryChanged>? Directories { get; init; }

    public static FactBatch Of(IReadOnlyCollection<IFact> facts) => new()
    {
        Users = Only<UserChanged>(facts),
        Groups = Only<GroupChanged>(facts),
        Members = Only<MembersChanged>(facts),
        Directories = Only<DirectoryChanged>(facts),
    };

    /// <summary>All of them, members last.</summary>
    public List<IFact> Facts() => [.. Directories ?? [], .. Users ?? [], .. Groups ?? [], .. Members ?? []];

    private static List<T>? Only<T>(IEnumerable<IFact> facts) => facts.OfType<T>().ToList() is { Count: > 0 } some ? some : null;
}
