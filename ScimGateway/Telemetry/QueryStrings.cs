namespace ScimGateway.Telemetry;

/// <summary>
/// SCIM filters carry personal data in query strings (Entra ID and Okta send userName and mail addresses so). These
/// categories write whole URLs at Information and below, so they are held at Warning by their full names, after all
/// configuration. Traces have their query strings redacted by the instrumentation.
/// </summary>
internal static class QueryStrings
{
    private static readonly string[] Talkative =
    [
        "Microsoft.AspNetCore.Hosting.Diagnostics",
        "Yarp.ReverseProxy.Forwarder.HttpForwarder",
    ];

    public static void KeepQueryStringsOut(this ILoggingBuilder logging) =>
        logging.Services.PostConfigure<LoggerFilterOptions>(filters =>
        {
            foreach (var category in Talkative)
                filters.Rules.Add(new LoggerFilterRule(providerName: null, category, LogLevel.Warning, filter: null));
        });
}
