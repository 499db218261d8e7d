using LocalRuntime.Native;

namespace LocalRuntime.Health;

/// <summary>Asks a service for its health over HTTP.</summary>
internal static class HttpProbe
{
    private static readonly HttpClient Client = new(new SocketsHttpHandler
    {
        UseProxy = false,
        ConnectTimeout = TimeSpan.FromSeconds(1),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(2), // a restarted service is asked over a new connection
    })
    { Timeout = TimeSpan.FromSeconds(5) };

    internal static async Task<Wellness> GetAsync(Uri address, int expectedStatus, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await Client.GetAsync(address, cancellationToken);
            return (int)response.StatusCode == expectedStatus ? Wellness.Well : new(await DescribeAsync(address, response, cancellationToken));
        }
        catch (HttpRequestException error)
        {
            return new($"{address}: {error.Message}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new($"{address}: no answer within {Client.Timeout.TotalSeconds:0} s");
        }
    }

    private static async Task<string> DescribeAsync(Uri address, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        const int enough = 300;
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        return $"{address} answered {(int)response.StatusCode} {(body.Length > enough ? body[..enough] : body)}".TrimEnd();
    }
}
