using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Trace;

namespace ServiceDefaults.Telemetry;

/// <summary>
/// Decides which requests are traced. The caller's decision applies to everything it calls; otherwise the share
/// <c>Telemetry:TraceShare</c> of requests is traced: a tenth by default, all in development. Without an exporter nothing is
/// traced. The standard variables <c>OTEL_TRACES_SAMPLER</c> and <c>OTEL_TRACES_SAMPLER_ARG</c> override the share.
/// </summary>
internal static class TraceSampling
{
    internal const string Share = "Telemetry:TraceShare";
    private const string Standard = "OTEL_TRACES_SAMPLER";
    private const double DefaultShare = 0.1;

    /// <summary>null: the standard variables decide.</summary>
    /// <exception cref="InvalidOperationException">The share is not a number from 0 to 1.</exception>
    internal static Sampler? Choose(IConfiguration configuration, IHostEnvironment environment, bool exports)
    {
        if (!exports) return new AlwaysOffSampler();
        if (!string.IsNullOrWhiteSpace(configuration[Standard])) return null;
        var share = configuration.GetValue<double?>(Share) ?? (environment.IsDevelopment() ? 1 : DefaultShare);
        return share is >= 0 and <= 1
            ? new ParentBasedSampler(new RequestAndMessageSampler(new TraceIdRatioBasedSampler(share)))
            : throw new InvalidOperationException($"{Share} is {share}; it must be a number from 0 (no traces) to 1 (all).");
    }

    /// <summary>
    /// Starts traces only with a request or a message. A statement outside of these belongs to a loop that polls for work every
    /// second in each replica; traces of those would hide all others.
    /// </summary>
    private sealed class RequestAndMessageSampler(Sampler share) : Sampler
    {
        public override SamplingResult ShouldSample(in SamplingParameters parameters) =>
            parameters.Kind == ActivityKind.Client ? new SamplingResult(SamplingDecision.Drop) : share.ShouldSample(parameters);
    }
}
