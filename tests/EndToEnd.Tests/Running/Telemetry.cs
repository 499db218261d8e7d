using System.Text.Json.Nodes;

namespace EndToEnd.Tests.Running;

/// <summary>What the services told of themselves, as the dashboard has it.</summary>
internal sealed class Telemetry : IDisposable
{
    private readonly HttpClient client;

    public Telemetry(string dashboard, string apiKey)
    {
        client = new HttpClient { BaseAddress = new Uri(dashboard) };
        client.DefaultRequestHeaders.Add("x-api-key", apiKey);
    }

    internal sealed record Span(string Id, string? Parent, string Trace, string Name, string Resource, IReadOnlyList<string> Links, string Text);

    /// <summary>All spans of one trace; empty as long as the dashboard has none.</summary>
    public async Task<IReadOnlyList<Span>> TraceAsync(string trace)
    {
        using var response = await client.GetAsync($"/api/telemetry/traces/{trace}");
        return response.IsSuccessStatusCode ? Spans(JsonNode.Parse(await response.Content.ReadAsStringAsync())!) : [];
    }

    /// <summary>The newest spans of all services.</summary>
    public async Task<IReadOnlyList<Span>> SpansAsync() => Spans(JsonNode.Parse(await client.GetStringAsync("/api/telemetry/spans?limit=10000"))!);

    /// <summary>The newest log lines of all services, as they came.</summary>
    public Task<string> LogsAsync() => client.GetStringAsync("/api/telemetry/logs?limit=10000");

    public void Dispose() => client.Dispose();

    private static List<Span> Spans(JsonNode answer)
    {
        var found = new List<Span>();
        foreach (var resource in answer["data"]?["resourceSpans"]?.AsArray() ?? [])
        {
            var service = resource!["resource"]!["attributes"]!.AsArray().Where(attribute => (string?)attribute!["key"] == "service.name")
                .Select(attribute => (string?)attribute!["value"]!["stringValue"]).FirstOrDefault() ?? "";
            foreach (var span in resource["scopeSpans"]!.AsArray().SelectMany(scope => scope!["spans"]!.AsArray()))
                found.Add(new((string)span!["spanId"]!, (string?)span["parentSpanId"], (string)span["traceId"]!, (string)span["name"]!, service,
                    [.. (span["links"]?.AsArray() ?? []).Select(link => (string)link!["traceId"]!)], span.ToJsonString()));
        }

        return found;
    }
}
