namespace DirectoryService.Events;

/// <summary>What became of one batch.</summary>
/// <param name="Published">Confirmed by the broker.</param>
/// <param name="Failed">Not confirmed, with the reason.</param>
internal sealed record PublishOutcome(IReadOnlyCollection<long> Published, IReadOnlyCollection<(long Seq, Exception Error)> Failed)
{
    /// <summary>
    /// Nothing of the batch went through, though some of it could be read: the broker's trouble, not the rows'. No row is
    /// blamed for it.
    /// </summary>
    internal bool BrokerAway => Published.Count == 0 && Failed.Any(failure => failure.Error is not FactPublisher.UnreadableFactException);

    internal Exception? FirstError => Failed.Count > 0 ? Failed.First().Error : null;
}
