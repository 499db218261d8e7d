using System.Globalization;

namespace NativeServers;

internal static class InvariantNumber
{
    internal static string Of(int number) => number.ToString(CultureInfo.InvariantCulture);
}
