using System.Globalization;

namespace LocalRuntime.Dashboard;

/// <summary>A place in the log of one board, as text: <c>EPOCH-SEQUENCE</c>.</summary>
internal static class LogPosition
{
    public static string Format(long sequence, string epoch) => string.Create(CultureInfo.InvariantCulture, $"{epoch}-{sequence}");

    /// <returns>Null if it is none, or one of another board.</returns>
    public static long? Parse(string? text, string epoch) =>
        text?.Split('-') is [var board, var sequence]
        && board == epoch
        && long.TryParse(sequence, NumberStyles.None, CultureInfo.InvariantCulture, out var position)
            ? position
            : null;
}
