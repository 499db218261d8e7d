using System.Collections.Concurrent;
using DirectoryService.Events;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using RabbitMQ.Client;
using ServiceDefaults.Messaging;
using Testing;

namespace DirectoryService.Tests.Events;

/// <summary>The relay on a database of its own, with replicas that come and go.</summary>
public sealed class OutboxRelayTests
{
    [Fact]
    public async Task One_replica_publishes_and_another_takes_over_when_it_stops()
    {
        await using var database = await TestDatabase.CreateAsync("directory", typeof(DirectoryApp).Assembly);
        await using var first = await StartAsync(database);
        await WriteAsync(first, "first");
        await SealedAsync(first, 1);
        await using var second = await StartAsync(database);
        await WriteAsync(second, "while both run");
        await SealedAsync(second, 2);
        Assert.Equal(1L, await ScalarAsync(second, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"));

        await first.StopAsync();
        await WriteAsync(second, "after the first stopped");
        await SealedAsync(second, 3);
        await second.StopAsync();
    }

    [Fact]
    public async Task A_row_that_cannot_be_sent_is_parked_with_its_reason_and_holds_up_nobody()
    {
        await using var database = await TestDatabase.CreateAsync("directory", typeof(DirectoryApp).Assembly);
        await using var app = await StartAsync(database);
        await WriteAsync(app, "unreadable", payload: """{"eventId":"no id"}""");
        await WriteAsync(app, "good");
        await SealedAsync(app, 1);
        await Eventually.TrueAsync("the row is parked", async () => await ScalarAsync(app, "SELECT count(*) FROM outbox WHERE parked_at IS NOT NULL AND error LIKE '%UserChanged%'") == 1);
        await WriteAsync(app, "later");
        await SealedAsync(app, 2);
        Assert.Equal(1L, await ScalarAsync(app, "SELECT count(*) FROM outbox"));
        await app.StopAsync();
    }

    [Fact]
    public void A_row_that_cannot_be_read_makes_nobody_pay_for_the_broker_being_away()
    {
        var unreadable = new FactPublisher.UnreadableFactException("no fact", null);
        Assert.True(new PublishOutcome([], [(1, unreadable), (2, new TimeoutException())]).BrokerAway);
        Assert.False(new PublishOutcome([], [(1, unreadable)]).BrokerAway);
        Assert.False(new PublishOutcome([2], [(1, unreadable), (3, new TimeoutException())]).BrokerAway);
        Assert.False(new PublishOutcome([2], []).BrokerAway);
    }

    [Fact]
    public async Task Rows_that_commit_out_of_order_are_all_published()
    {
        await using var database = await TestDatabase.CreateAsync("directory", typeof(DirectoryApp).Assembly);
        await using var app = await StartAsync(database);
        await using var slow = await Db(app).OpenConnectionAsync();
        await using (var transaction = await slow.BeginTransactionAsync())
        {
            await WriteAsync(slow, "lower seq, commits last");
            await WriteAsync(app, "higher seq, commits first");
            await SealedAsync(app, 1);
            await transaction.CommitAsync();
        }
        await SealedAsync(app, 2);
        await app.StopAsync();
    }

    /// <summary>The broker confirms a message that no queue is bound for, and drops it, unless it is mandatory.</summary>
    [Fact]
    public async Task A_fact_for_which_there_is_no_queue_is_not_taken_for_published()
    {
        await using var database = await TestDatabase.CreateAsync("directory", typeof(DirectoryApp).Assembly);
        await using var app = await StartAsync(database);
        await WriteAsync(app, "declares the queues");
        await SealedAsync(app, 1);
        await using var connection = await new ConnectionFactory { Uri = new Uri(TestServers.RabbitMq) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        foreach (var queue in FactQueue.All) await channel.QueueDeleteAsync(queue.Name);
        var fact = await WriteAsync(app, "after the queues are gone");
        await SealedAsync(app, 2);
        await Eventually.TrueAsync("the fact in the queue that was declared again", async () =>
        {
            while (await channel.BasicGetAsync(FactQueue.License.Name, autoAck: true) is { } message)
                if (System.Text.Encoding.UTF8.GetString(message.Body.Span).Contains(fact.ToString(), StringComparison.OrdinalIgnoreCase)) return true;
            return false;
        });
        await app.StopAsync();
    }

    [Fact]
    public async Task No_row_is_blamed_for_a_broker_that_is_away()
    {
        await using var database = await TestDatabase.CreateAsync("directory", typeof(DirectoryApp).Assembly);
        using var broker = new FaultyTcpProxy(new Uri(TestServers.RabbitMq).Port);
        broker.Listen();
        using var told = new ReceivedMessages();
        await using var app = await StartAsync(database, builder =>
        {
            builder.Configuration["ConnectionStrings:messaging"] = new UriBuilder(TestServers.RabbitMq) { Port = broker.Port }.Uri.ToString();
            builder.Logging.AddProvider(told);
        });
        await WriteAsync(app, "first");
        await SealedAsync(app, 1);
        broker.Sever();
        await WriteAsync(app, "while the broker is away");
        // Told of at the first, second, fourth, eighth failure.
        await Eventually.TrueAsync("several failures", () => Task.FromResult(told.Count("The broker takes no messages") >= 3), TimeSpan.FromMinutes(1));
        Assert.Equal(1L, await ScalarAsync(app, "SELECT count(*) FROM outbox WHERE tries = 0 AND parked_at IS NULL AND error IS NULL"));
        broker.Listen();
        await Eventually.TrueAsync("published once the broker is back", async () => await ScalarAsync(app, "SELECT count(*) FROM sealed") == 2, TimeSpan.FromMinutes(1));
        await app.StopAsync();
    }

    private sealed class ReceivedMessages : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> lines = new();

        public int Count(string start) => lines.Count(line => line.StartsWith(start, StringComparison.Ordinal));

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue(formatter(state, exception));

        public void Dispose() => lines.Clear();
    }

    private static async Task<WebApplication> StartAsync(TestDatabase database, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration["ConnectionStrings:directorydb"] = database.ConnectionString;
        builder.Configuration["ConnectionStrings:messaging"] = TestServers.RabbitMq;
        builder.Configuration["Urls"] = "http://127.0.0.1:0";
        configure?.Invoke(builder);
        var app = DirectoryApp.Build(builder);
        await app.StartAsync();
        return app;
    }

    private static NpgsqlDataSource Db(WebApplication app) => app.Services.GetRequiredService<NpgsqlDataSource>();

    private static async Task<Guid> WriteAsync(WebApplication app, string what, string? payload = null)
    {
        await using var connection = await Db(app).OpenConnectionAsync();
        var fact = await WriteAsync(connection, what, payload);
        app.Services.GetRequiredService<OutboxSignal>().SignalWritten();
        return fact;
    }

    /// <summary>An event and its outbox row, as a write makes them.</summary>
    private static async Task<Guid> WriteAsync(NpgsqlConnection connection, string what, string? payload = null)
    {
        var fact = Facts.User(1, userName: what);
        await using var command = new NpgsqlCommand("""
            WITH logged AS (
              INSERT INTO events (id, at, account_id, aggregate, aggregate_id, version, type, change, payload, actor)
              VALUES ($1, now(), $2, 'user', $3, 1, 'UserChanged', 'created', $4::jsonb, '{}') RETURNING id, at, account_id)
            INSERT INTO outbox (event_id, event_at, account_id) SELECT id, at, account_id FROM logged
            """, connection);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = fact.EventId });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = fact.AccountId });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = fact.UserId });
        command.Parameters.Add(new NpgsqlParameter<string>
        {
            TypedValue = payload ?? System.Text.Json.JsonSerializer.Serialize(fact, Contracts.ContractsJsonContext.Default.UserChanged),
        });
        await command.ExecuteNonQueryAsync();
        return fact.EventId;
    }

    private static Task SealedAsync(WebApplication app, long count) =>
        Eventually.TrueAsync($"{count} sealed", async () => await ScalarAsync(app, "SELECT count(*) FROM sealed") == count);

    private static async Task<long> ScalarAsync(WebApplication app, string sql)
    {
        await using var command = Db(app).CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
