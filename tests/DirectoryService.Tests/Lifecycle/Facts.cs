using DirectoryService.Lifecycle;

namespace DirectoryService.Tests.Lifecycle;

/// <summary>
/// States as letters, so that tables stay tables: <c>i</c> the IdP says active, <c>d</c> disabled in the console,
/// <c>x</c> deleted in the console, <c>r</c> released, <c>p</c> removed (P); <c>-</c> none of them.
/// </summary>
internal static class Facts
{
    internal static UserState User(string letters) =>
        new(letters.Contains('i'), letters.Contains('d'), letters.Contains('x'), letters.Contains('r'), letters.Contains('p'));

    internal static GroupState Group(string letters) => new(letters.Contains('d'), letters.Contains('x'), letters.Contains('p'));

    internal static string Of(UserState state) => Letters(
        (state.IdpActive, 'i'), (state.ConsoleDisabled, 'd'), (state.ConsoleDeleted, 'x'), (state.Released, 'r'), (state.Removed, 'p'));

    internal static string Of(GroupState state) => Letters((state.ConsoleDisabled, 'd'), (state.ConsoleDeleted, 'x'), (state.Removed, 'p'));

    /// <summary>Every state of a user that can come about.</summary>
    internal static readonly string[] Users = ["i", "-", "id", "d", "dr", "ix", "x", "xr", "idx", "dx", "dxr", "p", "dp", "xp", "dxp"];

    /// <summary>Every state of a group that can come about.</summary>
    internal static readonly string[] Groups = ["-", "d", "x", "dx", "p", "dp"];

    /// <summary>Every combination of letters, possible or not.</summary>
    internal static IEnumerable<string> Combinations(string letters) => Enumerable.Range(0, 1 << letters.Length)
        .Select(bits => string.Concat(letters.Where((_, index) => (bits & (1 << index)) != 0)))
        .Select(some => some.Length == 0 ? "-" : some);

    private static string Letters(params (bool Is, char Letter)[] facts)
    {
        var letters = string.Concat(facts.Where(fact => fact.Is).Select(fact => fact.Letter));
        return letters.Length == 0 ? "-" : letters;
    }
}
