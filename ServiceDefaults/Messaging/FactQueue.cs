namespace ServiceDefaults.Messaging;

/// <summary>
/// A durable queue that receives every fact. The list is closed: the publisher declares all of them before its first
/// publish, because the broker confirms and drops a message for which no queue is bound yet.
/// </summary>
public sealed record FactQueue(string Name)
{
    public static readonly FactQueue License = new("license.facts");
    public static readonly FactQueue Policy = new("policy.facts");
    public static readonly IReadOnlyList<FactQueue> All = [License, Policy];

    /// <summary>
    /// Deliveries of one message before the broker sets it aside, so that one that ends the process does not do so for ever.
    /// A connection that breaks counts as well; <see cref="SetAsideReturn"/> brings such messages back. The queues of running
    /// systems were declared with this limit, and the broker refuses to change it.
    /// </summary>
    public const int DeliveryLimit = 20;

    /// <summary>Where MassTransit puts what a consumer cannot handle, and the broker what exceeded the delivery limit.</summary>
    public string ErrorName => Name + "_error";

    internal IReadOnlyDictionary<string, object> Arguments => new Dictionary<string, object>
    {
        ["x-queue-type"] = "quorum",
        ["x-quorum-initial-group-size"] = 1,
        ["x-delivery-limit"] = DeliveryLimit,
        ["x-dead-letter-exchange"] = ErrorName,
        // Dead-lettering waits for the error queue's confirm; needs the publisher to be refused, not the oldest dropped.
        ["x-dead-letter-strategy"] = "at-least-once",
        ["x-overflow"] = "reject-publish",
    };
}
