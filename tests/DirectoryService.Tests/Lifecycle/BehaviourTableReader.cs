namespace DirectoryService.Tests.Lifecycle;

/// <summary>
/// The tables of idp-behaviour §3 as they stand there, so that tests compare the service with the text and not with
/// itself. A cell is the state afterwards, or the status of a refusal.
/// </summary>
internal static class BehaviourTableReader
{
    private const string Preserve = """
        state | update | deactivation | activation | post
        A     | A      | U            | A          | 409
        U     | U      | U            | A          | 409
        D     | D      | DU           | 400        | 409
        DU    | DU     | DU           | 400        | 409
        X     | X      | XR           | 400        | A
        XR    | XR     | XR           | A          | A
        """;

    private const string Override = """
        state | update | deactivation | activation | post
        A     | A      | U            | A          | 409
        U     | U      | U            | A          | 409
        D     | D      | DU           | A          | 409
        DU    | DU     | DU           | A          | 409
        X     | X      | XR           | A          | A
        XR    | XR     | XR           | A          | A
        """;

    private static readonly Dictionary<(bool Overrides, string State, string Column), string> Cells =
        new[] { (false, Preserve), (true, Override) }.SelectMany(table => Read(table.Item1, table.Item2)).ToDictionary();

    /// <param name="overrides">The directory's rule: override, else preserve.</param>
    /// <param name="column"><c>update</c> (an echo too), <c>deactivation</c>, <c>activation</c> or <c>post</c> of the same user.</param>
    internal static string Cell(bool overrides, string state, string column) => Cells[(overrides, state, column)];

    /// <summary>Every cell: rule, state, column, what the text says.</summary>
    internal static IEnumerable<(bool Overrides, string State, string Column, string Says)> All =>
        Cells.Select(cell => (cell.Key.Overrides, cell.Key.State, cell.Key.Column, cell.Value));

    private static IEnumerable<KeyValuePair<(bool, string, string), string>> Read(bool overrides, string table)
    {
        var rows = table.Split('\n').Select(row => row.Split('|', StringSplitOptions.TrimEntries)).ToList();
        return rows.Skip(1).SelectMany(row =>
            rows[0].Zip(row).Skip(1).Select(cell => KeyValuePair.Create((overrides, row[0], cell.First), cell.Second)));
    }
}
