using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace DirectoryService.Admin.Timelines;

/// <summary>
/// Reads the timeline entries of one user from the license and policy services, with the admin's own access token and a short
/// timeout: without an answer the timeline is shown without their entries.
/// </summary>
internal sealed partial class DownstreamTimeline(IHttpClientFactory clients, ILogger<DownstreamTimeline> log)
{
    internal const string Licenses = "licenses";
    internal const string Policies = "policies";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    internal static void Add(IServiceCollection services)
    {
        services.AddHttpClient(Licenses, client => client.BaseAddress = new Uri("http://license"));
        services.AddHttpClient(Policies, client => client.BaseAddress = new Uri("http://policy"));
        services.AddSingleton<DownstreamTimeline>();
    }

    /// <summary>Returns null when the service did not answer in time.</summary>
    /// <param name="service"><see cref="Licenses"/> or <see cref="Policies"/>.</param>
    internal async Task<IReadOnlyList<TimelineEntry>?> ListByUserAsync(
        string service, Guid user, int limit, DateTimeOffset? before, AuthenticationHeaderValue accessToken, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            using var client = clients.CreateClient(service);
            var older = before is { } time ? "&before=" + Uri.EscapeDataString(time.ToString("O", System.Globalization.CultureInfo.InvariantCulture)) : "";
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"/api/v1/{service}/users/{user}/history?limit={limit}{older}", UriKind.Relative));
            request.Headers.Authorization = accessToken;
            using var response = await client.SendAsync(request, patience.Token);
            response.EnsureSuccessStatusCode();
            var body = await response.Content.ReadFromJsonAsync<JsonObject>(patience.Token);
            return [.. body!["items"]!.AsArray().Select(item => service == Licenses ? License(item!) : Policy(item!))];
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            LogMissing(service, error);
            return null;
        }
    }

    private static TimelineEntry License(JsonNode item) => new(
        item["at"]!.GetValue<DateTimeOffset>(), Licenses, item["kind"]!.GetValue<string>() == "granted" ? "licenseGranted" : "licenseFreed",
        Reason: item["reason"]!.GetValue<string>(), Note: item["product"]!.GetValue<string>(), Actor: item["actor"]!.DeepClone().AsObject());

    private static TimelineEntry Policy(JsonNode item) => new(
        item["at"]!.GetValue<DateTimeOffset>(), Policies, item["kind"]!.GetValue<string>() == "joined" ? "policyJoined" : "policyLeft",
        Reason: item["reason"]!.GetValue<string>(), Note: item["policyName"]!.GetValue<string>());

    [LoggerMessage(Level = LogLevel.Warning, Message = "A timeline is shown without what followed in {Service}.")]
    private partial void LogMissing(string service, Exception error);
}
