using System.Globalization;

namespace EndToEnd.Tests.Running;

/// <summary>Times are part of what these tests show: <c>./test</c> prints them below the project's line.</summary>
internal static class Measurements
{
    private static readonly Lock One = new();

    public static void Print(string what, TimeSpan took) => Print(string.Create(CultureInfo.InvariantCulture, $"{took.TotalMilliseconds,7:0} ms  {what}"));

    public static void PrintCount(string what, int count) => Print(string.Create(CultureInfo.InvariantCulture, $"{count,7}     {what}"));

    private static void Print(string line)
    {
        if (Environment.GetEnvironmentVariable("PROVISIONING_TEST_MEASURED") is not { Length: > 0 } file) Console.WriteLine(line);
        else lock (One) File.AppendAllText(file, line + "\n");
    }
}
