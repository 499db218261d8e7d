using System.ComponentModel.DataAnnotations;

namespace PolicyService.Feed;

/// <summary>Settings under <c>Feed</c>.</summary>
internal sealed class FeedOptions
{
    internal const string Section = "Feed";

    /// <summary>How long records are kept. A client that is disconnected for longer has to read all members again.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(7);

    /// <summary>The longest time without data on a stream. The gateway ends a response after 30 s without data.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:00:25")]
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(10);
}
