namespace LocalRuntime.Processes;

/// <summary>Reads a child's output line by line until it ends.</summary>
internal static class LogPump
{
    internal static async Task RunAsync(StreamReader reader, bool isError, ChildProcess.LineSink sink)
    {
        try
        {
            while (await reader.ReadLineAsync() is { } line) sink(line, isError);
        }
        catch (IOException)
        {
            // The pipe broke with the child: there is nothing more to read.
        }
    }
}
