using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Testing;

namespace LicenseService.Tests;

/// <summary>A look at the queues themselves.</summary>
internal static class Broker
{
    internal static async Task<bool> QueueExistsAsync(string queue) => await TryCountAsync(queue) is not null;

    /// <summary>Messages that wait there; 0 when there is no such queue.</summary>
    internal static async Task<uint> CountAsync(string queue) => await TryCountAsync(queue) ?? 0;

    private static async Task<uint?> TryCountAsync(string queue)
    {
        await using var connection = await new ConnectionFactory { Uri = new Uri(TestServers.RabbitMq) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        try { return await channel.MessageCountAsync(queue); }
        catch (OperationInterruptedException) { return null; }
    }
}
