using System.Globalization;

namespace EndToEnd.Tests.Running;

/// <summary>Times are part of what these tests show, so they go where they are seen in any case.</summary>
internal static class Times
{
    public static void Print(string what, TimeSpan took) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"measured: {took.TotalMilliseconds,7:0} ms  {what}"));
}
