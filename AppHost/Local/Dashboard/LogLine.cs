namespace LocalRuntime.Dashboard;

/// <param name="Sequence">Grows over all resources of the board, from 1: the order of arrival.</param>
/// <param name="Resource">The display name of the resource.</param>
internal sealed record LogLine(long Sequence, string Resource, LogStream Stream, DateTimeOffset At, string Text);

internal enum LogStream
{
    Output,
    Error,

    /// <summary>What the runtime itself has to say about the resource.</summary>
    System,
}
