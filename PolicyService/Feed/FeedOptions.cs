using System.ComponentModel.DataAnnotations;

namespace PolicyService.Feed;

/// <summary>Settings under <c>Feed</c>.</summary>
internal sealed class FeedOptions
{
    internal const string Section = "Feed";

    /// <summary>How long a record can be read. Who stays away longer reads the members again.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How long a stream is silent at most. The gateway takes 30 s of silence for death.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:00:25")]
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(10);
}
