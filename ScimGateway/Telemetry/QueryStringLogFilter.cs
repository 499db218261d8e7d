namespace ScimGateway.Telemetry;

/// <summary>
/// Keeps personal data out of logs. SCIM filters in query strings contain userName and mail addresses (Entra ID, Okta). These
/// log categories write whole URLs at Information and below, so they are set to Warning by their full names, after all
/// configuration. In traces the instrumentation redacts query strings.
/// </summary>
internal static class QueryStringLogFilter
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
