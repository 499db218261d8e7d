using System.Text.Json;

namespace LocalRuntime.Native;

/// <summary>What the broker reads at its start.</summary>
internal static class RabbitMqFiles
{
    internal static string Configuration(RabbitMqOptions options, string definitions) =>
        $"""
        listeners.tcp.1 = 127.0.0.1:{options.Port}
        load_definitions = {definitions}
        log.console = true
        log.file = false
        vm_memory_high_watermark.absolute = 1GB
        disk_free_limit.absolute = 200MB

        """;

    /// <summary>Applied at every start, so that user and virtual hosts are as said here whatever the data hold.</summary>
    internal static string Definitions(RabbitMqOptions options)
    {
        string[] hosts = ["/", .. options.VirtualHosts];
        return JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["users"] = new[] { new { name = options.UserName, password = options.Password, tags = "administrator" } },
            ["vhosts"] = hosts.Select(host => new { name = host }),
            ["permissions"] = hosts.Select(host => new { user = options.UserName, vhost = host, configure = ".*", write = ".*", read = ".*" }),
        });
    }
}
