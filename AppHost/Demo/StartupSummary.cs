namespace AppHost.Demo;

/// <summary>The text that is printed once the system is up: URLs, the API key, and where the tokens are.</summary>
internal static class StartupSummary
{
    internal static string Text(EndpointsFile endpoints, string file)
    {
        List<string> lines =
        [
            "",
            "  The system is up.",
            "",
            $"  Public address  {endpoints.Gateway}",
            $"  API reference   {endpoints.Gateway}/docs",
            $"  Dashboard       {endpoints.Dashboard}",
            $"  Admin API key   {endpoints.AdminApiKey}",
            "",
        ];
        foreach (var directory in endpoints.Directories)
        {
            lines.Add($"  {directory.Name,-15} {directory.BaseUrl}");
            lines.Add($"  {"",-15} {directory.Token}");
        }

        lines.Add("");
        lines.Add($"  All of it is in {file} (readable by you alone). Ctrl-C, or ./run --stop, ends everything.");
        return string.Join(Environment.NewLine, lines);
    }
}
