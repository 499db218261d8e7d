using System.Collections.Concurrent;

namespace AppHost.RunMode;

/// <summary>
/// Records which resources were stopped by a command, so that their end does not count as a crash. Aspire reports a commanded
/// stop with the same states as a crash; therefore the stop command is wrapped. Any start of the resource clears the record.
/// </summary>
internal sealed class RequestedStops
{
    private readonly ConcurrentDictionary<string, bool> stopped = new(StringComparer.Ordinal);
    private readonly HashSet<string> noticed = new(StringComparer.Ordinal);

    internal bool Contains(string resource) => stopped.ContainsKey(resource);

    /// <summary>Wraps the resource's commands once. Aspire adds them before it publishes the resource for the first time.</summary>
    internal void Notice(IResource resource)
    {
        if (!Wrap(resource, KnownResourceCommands.StopCommand, () => stopped[resource.Name] = true)) return;
        Wrap(resource, KnownResourceCommands.StartCommand, () => stopped.TryRemove(resource.Name, out _));
    }

    private bool Wrap(IResource resource, string command, Action before)
    {
        var original = resource.Annotations.OfType<ResourceCommandAnnotation>().FirstOrDefault(each => each.Name == command);
        if (original is null || !noticed.Add($"{resource.Name}/{command}")) return false;
        resource.Annotations.Remove(original);
        resource.Annotations.Add(new ResourceCommandAnnotation(
            original.Name, original.DisplayName, original.UpdateState,
            context =>
            {
                before();
                return original.ExecuteCommand(context);
            },
            original.DisplayDescription, parameter: null, original.ConfirmationMessage, original.IconName, original.IconVariant, original.IsHighlighted));
        return true;
    }
}
