namespace Aspire.Hosting;

/// <summary>For the few arguments that the local runtime accepts in form only.</summary>
internal static class NotHere
{
    internal static void Unless(bool supported, string what)
    {
        if (!supported) throw new NotSupportedException($"The local runtime does not know {what}. Add it there, or start with ./run --aspire.");
    }
}
