using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using ScimGateway.Tests.Stubs;

namespace ScimGateway.Tests.Telemetry;

public sealed class QueryStringLogFilterTests
{
    [Fact]
    public async Task No_query_string_is_logged_even_when_everything_is()
    {
        using var logs = new Capture();
        await using var directory = await StubService.StartAsync("directory");
        await using var gateway = await GatewayUnderTest.StartAsync([directory],
            ["Logging:LogLevel:Default=Trace", "Logging:LogLevel:Microsoft.AspNetCore=Trace", "Logging:LogLevel:Yarp=Trace", "Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics=Trace"],
            builder => builder.Logging.AddProvider(logs));
        const string filter = "?filter=userName%20eq%20%22jane.doe%40example.com%22";
        await gateway.Client.GetStringAsync(GatewayUnderTest.ScimBase + "/Users" + filter);
        await gateway.Client.GetAsync("/scim/v2/nowhere" + filter);
        directory.Kill();
        await gateway.Client.GetAsync(GatewayUnderTest.ScimBase + "/Users" + filter);

        Assert.NotEmpty(logs.Lines);
        Assert.DoesNotContain(logs.Lines, line => line.Contains("jane.doe", StringComparison.Ordinal));
    }

    private sealed class Capture : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull
        {
            Lines.Enqueue(state.ToString() ?? "");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Lines.Enqueue(formatter(state, exception) + exception);
            if (state is IEnumerable<KeyValuePair<string, object?>> values)
                foreach (var (key, value) in values) Lines.Enqueue($"{key}={value}");
        }

        public void Dispose() { }
    }
}
