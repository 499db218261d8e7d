using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using EndToEnd.Tests.Running;
using Testing;

namespace EndToEnd.Tests.Stories;

/// <summary>What the dashboard shows of one change, and what it must never show.</summary>
[Collection(RunningSystem.Users)]
public sealed class TraceTests(RunningSystem system)
{
    private const string Patch = """
        {"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"Replace","path":"active","value":"False"}]}
        """;

    [Fact]
    public async Task One_trace_leads_from_the_gateway_through_the_directory_and_the_broker_to_both_services_statements()
    {
        using var customer = await CustomerTenant.ArriveAsync(system);
        var employee = await customer.EquipAsync();
        var trace = ActivityTraceId.CreateRandom().ToHexString();

        using var client = Client();
        using var request = new HttpRequestMessage(HttpMethod.Patch, $"{Directory.BaseUrl}/Users/{employee.User.ScimId}") { Content = new StringContent(Patch, Encoding.UTF8, "application/scim+json") };
        request.Headers.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom().ToHexString()}-01");
        (await client.SendAsync(request)).EnsureSuccessStatusCode();

        var (spans, _) = await Eventually.BecomesAsync("the whole trace", () => system.Telemetry.TraceAsync(trace), found => Missing(found).Count == 0, TimeSpan.FromSeconds(60));
        Assert.Contains(spans, span => span is { Resource: "gateway", Name: "PATCH /Users/{id}" });
        Assert.DoesNotContain(spans, span => span.Name.Contains("{**", StringComparison.Ordinal));

        static List<string> Missing(IReadOnlyList<Telemetry.Span> found) =>
        [
            .. new[] { "gateway", "directory", "license", "policy" }.Where(service => !found.Any(span => span.Resource.StartsWith(service, StringComparison.Ordinal))),
            .. new[] { "directory", "license", "policy" }.Where(service => !found.Any(span => span.Resource.StartsWith(service, StringComparison.Ordinal) && span.Text.Contains("db.system", StringComparison.Ordinal))),
            .. new[] { "publish facts", "apply facts" }.Where(name => !found.Any(span => span.Name == name)),
        ];
    }

    [Fact]
    public async Task Neither_traces_nor_logs_hold_what_was_asked_for_or_who_it_was()
    {
        const string canary = "canary.of.telemetry@example.com";
        using var client = Client();
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Directory.BaseUrl}/Users?filter={Uri.EscapeDataString($"userName eq \"{canary}\"")}");
        request.Headers.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom().ToHexString()}-01");
        (await client.SendAsync(request)).EnsureSuccessStatusCode();

        await Eventually.BecomesAsync("the trace", () => system.Telemetry.TraceAsync(trace), found => found.Any(span => span.Resource == "gateway") && found.Any(span => span.Resource.StartsWith("directory", StringComparison.Ordinal)), TimeSpan.FromSeconds(60));
        Assert.DoesNotContain(await system.Telemetry.SpansAsync(), span => span.Text.Contains("canary", StringComparison.Ordinal));
        Assert.DoesNotContain("canary", await system.Telemetry.LogsAsync(), StringComparison.Ordinal);
    }

    private IdpSimulator.Cli.DirectoryEndpoint Directory => system.DirectoryOf("EntraId");

    private HttpClient Client() => new() { DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", Directory.Token) } };
}
