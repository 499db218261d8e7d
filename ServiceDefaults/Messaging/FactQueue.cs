namespace ServiceDefaults.Messaging;

/// <summary>
/// A durable queue that receives every fact. The list is closed: the publisher declares all queues before its first publish,
/// because the broker confirms and drops a message that no queue is bound to.
/// </summary>
public sealed record FactQueue(string Name)
{
    public static readonly FactQueue License = new("license.facts");
    public static readonly FactQueue Policy = new("policy.facts");
    public static readonly IReadOnlyList<FactQueue> All = [License, Policy];

    /// <summary>
    /// Deliveries of one message before the broker dead-letters it, so that a message that crashes the process is not
    /// redelivered for ever. Broken connections count too; <see cref="DeadLetterRetry"/> retries such messages. Existing queues
    /// were declared with this limit, and the broker refuses to change it.
    /// </summary>
    public const int DeliveryLimit = 20;

    /// <summary>
    /// The error queue: MassTransit moves messages there that a consumer cannot handle, the broker those that exceed the
    /// delivery limit.
    /// </summary>
    public string ErrorName => Name + "_error";

    internal IReadOnlyDictionary<string, object> Arguments => new Dictionary<string, object>
    {
        ["x-queue-type"] = "quorum",
        ["x-quorum-initial-group-size"] = 1,
        ["x-delivery-limit"] = DeliveryLimit,
        ["x-dead-letter-exchange"] = ErrorName,
        // At-least-once dead-lettering waits for the error queue's confirm; it requires the overflow policy reject-publish.
        ["x-dead-letter-strategy"] = "at-least-once",
        ["x-overflow"] = "reject-publish",
    };
}
