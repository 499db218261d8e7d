using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Trace;

namespace ServiceDefaults.Tests.Telemetry;

public sealed class TraceSamplingTests
{
    private const int Requests = 2_000;
    private const string Exporter = "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:1";

    [Theory]
    [InlineData("Development", 0, 0)]
    [InlineData("Development", Requests, Requests, Exporter)]
    [InlineData("Production", 100, 300, Exporter)]
    [InlineData("Production", Requests, Requests, Exporter, "Telemetry:TraceShare=1")]
    [InlineData("Development", 0, 0, Exporter, "Telemetry:TraceShare=0")]
    [InlineData("Production", Requests, Requests, Exporter, "Telemetry:TraceShare=0", "OTEL_TRACES_SAMPLER=always_on")]
    public void As_many_requests_are_traced_as_the_settings_say(string environment, int least, int most, params string[] settings)
    {
        using var host = Start(environment, settings);
        using var source = new ActivitySource(host.Services.GetRequiredService<IHostEnvironment>().ApplicationName);
        Assert.InRange(Enumerable.Range(0, Requests).Count(_ => IsTraced(source)), least, most);
    }

    [Theory]
    [InlineData(ActivityTraceFlags.Recorded, true)]
    [InlineData(ActivityTraceFlags.None, false)]
    public void Who_calls_decides(ActivityTraceFlags flags, bool traced)
    {
        using var host = Start("Production", [Exporter, $"Telemetry:TraceShare={(traced ? 0 : 1)}"]);
        using var source = new ActivitySource(host.Services.GetRequiredService<IHostEnvironment>().ApplicationName);
        var caller = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), flags, isRemote: true);
        using var request = source.StartActivity("request", ActivityKind.Server, caller);
        Assert.Equal(traced, request?.Recorded ?? false);
    }

    [Fact]
    public void A_call_that_belongs_to_no_request_is_no_trace()
    {
        using var host = Start("Development", [Exporter]);
        using var source = new ActivitySource(host.Services.GetRequiredService<IHostEnvironment>().ApplicationName);
        Activity.Current = null;
        using (var poll = source.StartActivity("SELECT", ActivityKind.Client)) Assert.False(poll?.Recorded ?? false);
        Activity.Current = null;
        using var request = source.StartActivity("request", ActivityKind.Server);
        using var statement = source.StartActivity("SELECT", ActivityKind.Client);
        Assert.True(statement?.Recorded);
    }

    [Fact]
    public void A_share_that_is_none_is_refused_at_the_start() =>
        Assert.Contains("Telemetry:TraceShare", Assert.Throws<InvalidOperationException>(() => Start("Production", [Exporter, "Telemetry:TraceShare=2"])).Message, StringComparison.Ordinal);

    private static bool IsTraced(ActivitySource source)
    {
        Activity.Current = null;
        using var request = source.StartActivity("request", ActivityKind.Server);
        return request?.Recorded ?? false;
    }

    private static IHost Start(string environment, string[] settings)
    {
        // A name of its own: activity sources are the process's, and so are those who listen to them.
        var builder = Host.CreateEmptyApplicationBuilder(new() { ApplicationName = $"Sampled{Guid.NewGuid():n}", EnvironmentName = environment });
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => setting.Split('=', 2)).Select(pair => KeyValuePair.Create(pair[0], (string?)pair[1])));
        builder.AddServiceDefaults();
        var host = builder.Build();
        host.Services.GetRequiredService<TracerProvider>();
        return host;
    }
}
