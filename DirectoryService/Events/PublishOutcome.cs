namespace DirectoryService.Events;

/// <summary>The outcome of publishing one batch.</summary>
/// <param name="Published">Rows confirmed by the broker.</param>
/// <param name="Failed">Rows that were not confirmed, with the error.</param>
internal sealed record PublishOutcome(IReadOnlyCollection<long> Published, IReadOnlyCollection<(long Seq, Exception Error)> Failed)
{
    /// <summary>
    /// Whether no row was published although some rows were readable: then the broker is unavailable, and no row's failure is
    /// counted.
    /// </summary>
    internal bool BrokerAway => Published.Count == 0 && Failed.Any(failure => failure.Error is not FactPublisher.UnreadableFactException);

    internal Exception? FirstError => Failed.Count > 0 ? Failed.First().Error : null;
}
