using System.Text.RegularExpressions;

namespace LocalRuntime.Dashboard;

/// <summary>Terminal control sequences (ECMA-48 CSI, and OSC as terminals use it) have no place in a text file.</summary>
internal static partial class AnsiText
{
    public static string Strip(string text) => text.Contains('\e') ? Sequence.Replace(text, "") : text;

    [GeneratedRegex(@"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\^_])")]
    private static partial Regex Sequence { get; }
}
