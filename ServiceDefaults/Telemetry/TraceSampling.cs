using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Trace;

namespace ServiceDefaults.Telemetry;

/// <summary>
/// Which requests are traced. Who calls decides for all it calls; else a share of the requests is, <c>Telemetry:TraceShare</c>:
/// by default a tenth, and all of them in development. Without an exporter none is: nobody would see it. The standard
/// variables <c>OTEL_TRACES_SAMPLER</c> and <c>OTEL_TRACES_SAMPLER_ARG</c> go before.
/// </summary>
internal static class TraceSampling
{
    internal const string Share = "Telemetry:TraceShare";
    private const string Standard = "OTEL_TRACES_SAMPLER";
    private const double DefaultShare = 0.1;

    /// <summary>null: the standard variables decide.</summary>
    /// <exception cref="InvalidOperationException">The share is no number from 0 to 1.</exception>
    internal static Sampler? Choose(IConfiguration configuration, IHostEnvironment environment, bool exports)
    {
        if (!exports) return new AlwaysOffSampler();
        if (!string.IsNullOrWhiteSpace(configuration[Standard])) return null;
        var share = configuration.GetValue<double?>(Share) ?? (environment.IsDevelopment() ? 1 : DefaultShare);
        return share is >= 0 and <= 1
            ? new ParentBasedSampler(new RequestsAndMessages(new TraceIdRatioBasedSampler(share)))
            : throw new InvalidOperationException($"{Share} is {share}; it must be a number from 0 (no traces) to 1 (all).");
    }

    /// <summary>
    /// A trace begins with a request or a message. A statement or a call that belongs to none is a loop that looks whether there is
    /// something to do, once a second in each replica: a trace of each would hide all others.
    /// </summary>
    private sealed class RequestsAndMessages(Sampler share) : Sampler
    {
        public override SamplingResult ShouldSample(in SamplingParameters parameters) =>
            parameters.Kind == ActivityKind.Client ? new SamplingResult(SamplingDecision.Drop) : share.ShouldSample(parameters);
    }
}
