using System.Globalization;

namespace NativeServers;

internal static class NumberText
{
    internal static string Of(int number) => number.ToString(CultureInfo.InvariantCulture);
}
