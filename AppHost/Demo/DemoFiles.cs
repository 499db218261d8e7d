namespace AppHost.Demo;

/// <summary>Where tools find the running system.</summary>
internal static class DemoFiles
{
    /// <summary><c>endpoints.json</c> in <c>.data/</c> of the repository, or where <c>PROVISIONING_DATA</c> says.</summary>
    internal static string EndpointsFile(string appHostDirectory)
    {
        var data = Environment.GetEnvironmentVariable("PROVISIONING_DATA");
        return Path.GetFullPath(Path.Combine(string.IsNullOrEmpty(data) ? Path.Combine(appHostDirectory, "..", ".data") : data, "endpoints.json"));
    }
}
