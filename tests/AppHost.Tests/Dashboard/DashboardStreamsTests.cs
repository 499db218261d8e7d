using System.Diagnostics;
using System.Net.ServerSentEvents;
using System.Text.Json;
using LocalRuntime.Dashboard;
using static AppHost.Tests.Dashboard.RunningDashboard;

namespace AppHost.Tests.Dashboard;

public sealed class DashboardStreamsTests : IAsyncLifetime
{
    private readonly CancellationTokenSource _bound = new(TimeSpan.FromSeconds(30));
    private RunningDashboard _dashboard = null!;

    private ResourceBoard Board => _dashboard.Board;

    public async ValueTask InitializeAsync() => _dashboard = await StartAsync(new ResourceBoard(logLinesPerResource: 100));

    public async ValueTask DisposeAsync()
    {
        await _dashboard.DisposeAsync();
        _bound.Dispose();
    }

    [Fact]
    public async Task Resources_come_all_at_once_and_then_as_they_change_without_secrets()
    {
        Board.Publish(Project("license") with { Environment = [new("PASSWORD", "hush", Secret: true)] });
        Board.Publish(Project("policy"));
        await using var events = Follow("/api/events");

        var all = await NextAsync(events);
        Assert.Equal("all", all.EventType);
        Assert.Equal(["license", "policy"], Strings(all, "displayName"));
        Assert.DoesNotContain("hush", all.Data, StringComparison.Ordinal);

        Board.Publish(Project("policy", ResourceState.Exited) with { ExitCode = 1 });
        var changed = await NextAsync(events);
        Assert.Equal("changed", changed.EventType);
        Assert.Equal(["policy"], Strings(changed, "displayName"));
        Assert.Equal(["Exited"], Strings(changed, "state"));
    }

    [Fact]
    public async Task An_empty_board_is_told_at_once()
    {
        await using var events = Follow("/api/events");
        var all = await NextAsync(events);
        Assert.Equal(("all", "[]"), (all.EventType, all.Data));
    }

    [Fact]
    public async Task Lines_are_followed_live_and_a_reader_that_comes_back_misses_and_repeats_none()
    {
        Board.Publish(Project("license"));
        Write("license", "before");
        string position;
        await using (var first = Follow("/api/logs/license?follow"))
        {
            Assert.Equal("reset", (await NextAsync(first)).EventType);
            Assert.Equal(["before"], Strings(await NextAsync(first), "text"));
            Write("license", "live <b>&</b>");
            var live = await NextAsync(first);
            Assert.Equal(["live <b>&</b>"], Strings(live, "text"));
            position = live.EventId!;
        }

        Write("license", "while away");
        await using var again = Follow($"/api/logs/license?follow&after={position}");
        Assert.Equal(["while away"], Strings(await NextAsync(again), "text"));
        await using var byHeader = Follow("/api/logs/license?follow", position);
        Assert.Equal(["while away"], Strings(await NextAsync(byHeader), "text"));
    }

    [Fact]
    public async Task A_position_of_an_earlier_run_starts_over()
    {
        Board.Publish(Project("license"));
        Write("license", "first of this run");
        await using var lines = Follow($"/api/logs/license?follow&after={new ResourceBoard().Epoch}-4711");
        Assert.Equal("reset", (await NextAsync(lines)).EventType);
        Assert.Equal(["first of this run"], Strings(await NextAsync(lines), "text"));
    }

    [Fact]
    public async Task All_logs_are_one_stream_bounded_per_resource_and_by_the_reader()
    {
        Board.Publish(Project("license"));
        Board.Publish(Project("policy"));
        for (var i = 0; i < 1_000; i++) Write("license", $"l{i}");
        Write("policy", "p");

        await using var everything = Follow("/api/logs/all?follow");
        await NextAsync(everything);
        Assert.Equal(101, Strings(await NextAsync(everything), "text").Length);

        await using var little = Follow("/api/logs/all?follow&limit=2");
        await NextAsync(little);
        Assert.Equal(["l999", "p"], Strings(await NextAsync(little), "text"));
    }

    [Fact]
    public async Task A_burst_goes_out_in_few_events()
    {
        Board.Publish(Project("license"));
        await using var lines = Follow("/api/logs/license?follow");
        await NextAsync(lines);
        var (seen, events) = (0, 0);
        for (var i = 0; i < 90; i++) Write("license", $"{i}");
        while (seen < 90)
        {
            seen += Strings(await NextAsync(lines), "text").Length;
            events++;
        }

        Assert.Equal(90, seen);
        Assert.InRange(events, 1, 10);
    }

    [Fact]
    public async Task Followers_do_not_hold_up_the_stop()
    {
        Board.Publish(Project("license"));
        await using var resources = Follow("/api/events");
        await using var lines = Follow("/api/logs/all?follow");
        await NextAsync(resources);
        await NextAsync(lines);

        var watch = Stopwatch.StartNew();
        await _dashboard.Server.StopAsync(_bound.Token);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(3));
        Assert.False(await resources.MoveNextAsync());
        Assert.False(await lines.MoveNextAsync());
    }

    private void Write(string resource, string text) => Board.AppendLog(resource, LogStream.Output, text, At);

    private IAsyncEnumerator<SseItem<string>> Follow(string path, string? lastEventId = null)
    {
        return Read().GetAsyncEnumerator(_bound.Token);

        async IAsyncEnumerable<SseItem<string>> Read()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            if (lastEventId is not null) request.Headers.Add("Last-Event-ID", lastEventId);
            using var answer = await _dashboard.Owner().SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _bound.Token);
            answer.EnsureSuccessStatusCode();
            Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
            await using var stream = await answer.Content.ReadAsStreamAsync(_bound.Token);
            await foreach (var item in SseParser.Create(stream).EnumerateAsync(_bound.Token)) yield return item;
        }
    }

    private static async Task<SseItem<string>> NextAsync(IAsyncEnumerator<SseItem<string>> events)
    {
        Assert.True(await events.MoveNextAsync(), "the stream has ended");
        return events.Current;
    }

    private static string?[] Strings(SseItem<string> item, string property)
    {
        using var data = JsonDocument.Parse(item.Data);
        return [.. data.RootElement.EnumerateArray().Select(each => each.GetProperty(property).GetString())];
    }
}
