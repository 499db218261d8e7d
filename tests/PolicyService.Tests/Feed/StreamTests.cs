using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Contracts.Events.V1;
using ServiceDefaults.Access;

namespace PolicyService.Tests.Feed;

public sealed class StreamTests(PolicySystem system)
{
    private readonly Guid account = Guid.NewGuid();

    [Fact]
    public async Task A_stream_begins_where_the_feed_stands_and_goes_on_where_it_was_left()
    {
        var (ada, staff) = (new TestUser(account, "ada"), new TestGroup(account, "Staff"));
        await system.ApplyAsync(ada.Is(), staff.Is());
        using var client = system.Client(account);
        var policy = await client.PolicyAsync("Access", staff.Id);

        string? last;
        await using (var stream = await EventStream.OpenAsync(system, account))
        {
            Assert.Equal(("position", "1"), await stream.NextAsync(item => (item.EventType, item.EventId)));
            await system.ApplyAsync(staff.Members(true, ada));
            Assert.Equal($"change 2 joined {ada.Id}", await stream.NextAsync(Told));
            last = "2";
        }
        await system.ApplyAsync(ada.Is(UserStatus.Disabled));
        await client.DeleteAsync($"policies/{policy}");
        await using (var stream = await EventStream.OpenAsync(system, account, last))
        {
            Assert.Equal(("position", "2"), await stream.NextAsync(item => (item.EventType, item.EventId)));
            Assert.Equal($"change 3 left {ada.Id}", await stream.NextAsync(Told));
            Assert.Equal($"change 4 reRead {policy}", await stream.NextAsync(Told));
        }
    }

    [Fact]
    public async Task A_stream_tells_what_another_replica_wrote()
    {
        await using var replica = system.BuildReplica();
        var ada = new TestUser(account, "ada");
        using var client = system.Client(account);
        await client.PolicyAsync(new { name = "Web", groupIds = Array.Empty<Guid>(), everyone = true });
        await using var stream = await EventStream.OpenAsync(system, account);
        await stream.NextAsync(item => item.EventType);
        await PolicySystem.ApplyAsync(replica, ada.Is());
        Assert.Equal($"change 2 joined {ada.Id}", await stream.NextAsync(Told));
    }

    /// <summary>More than a stream reads at once, twice over.</summary>
    [Fact]
    public async Task A_stream_that_was_away_for_long_tells_every_record_in_order()
    {
        const int records = 250;
        using var client = system.Client(account);
        for (var n = 0; n < records; n++) await client.PolicyAsync($"Policy {n}");
        await using var stream = await EventStream.OpenAsync(system, account, "0");
        await stream.NextAsync(item => item.EventType);
        var told = new List<string?>();
        for (var n = 0; n < records; n++) told.Add(await stream.NextAsync(item => item.EventId));
        Assert.Equal(Enumerable.Range(1, records).Select(n => n.ToString(System.Globalization.CultureInfo.InvariantCulture)), told);
        await client.PolicyAsync("One more");
        Assert.Equal("251", await stream.NextAsync(item => item.EventId));
    }

    /// <summary>Its client reads slowly, or stood still: what it has not read yet is deleted under it.</summary>
    [Fact]
    public async Task An_open_stream_says_that_its_position_has_expired()
    {
        using var client = system.Client(account);
        await client.PolicyAsync("First");
        await using var stream = await EventStream.OpenAsync(system, account);
        Assert.Equal(("position", "1"), await stream.NextAsync(item => (item.EventType, item.EventId)));
        // As the retention does, of records that this stream has not been shown: nobody wakes it meanwhile.
        await system.RowsAsync("UPDATE membership_feeds SET position = 9, expired = 5 WHERE account_id = $1", row => 0, account);
        var (type, data) = await stream.NextAsync(item => (item.EventType, item.Data));
        Assert.Equal("lost", type);
        Assert.Contains("positionExpired", data, StringComparison.Ordinal);
        Assert.Contains("Read everything again", data, StringComparison.Ordinal);
        Assert.False(await stream.GoesOnAsync());
    }

    [Fact]
    public async Task A_stream_says_so_when_nothing_happens()
    {
        using var client = new HttpClient();
        using var response = await OpenAsync(client, lifetime: null);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await lines.ReadLineAsync(bound.Token) != ":") { }
    }

    [Fact]
    public async Task A_stream_ends_with_the_token()
    {
        using var client = new HttpClient();
        // A token can expire before a busy machine has opened the stream: then with a longer one.
        for (var seconds = 2; ; seconds *= 2)
        {
            using var response = await OpenAsync(client, TimeSpan.FromSeconds(seconds));
            if (response.StatusCode == System.Net.HttpStatusCode.Unauthorized && seconds < 100) continue;
            response.EnsureSuccessStatusCode();
            // Reading to the end ends only when the service ends the stream.
            Assert.StartsWith("retry:", await response.Content.ReadAsStringAsync().WaitAsync(TimeSpan.FromSeconds(seconds + 60)), StringComparison.Ordinal);
            return;
        }
    }

    private async Task<HttpResponseMessage> OpenAsync(HttpClient client, TimeSpan? lifetime)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(system.Url + "/api/v1/policies/changes/stream"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", lifetime is { } given ? system.Token(account, AdminRole.Auditor, given) : system.Token(account, AdminRole.Auditor));
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary><c>change 2 joined id</c></summary>
    private static string Told(SseItem<string> item)
    {
        var record = JsonSerializer.Deserialize<JsonElement>(item.Data);
        Assert.Equal(item.EventId, record.GetProperty("position").GetInt64().ToString(System.Globalization.CultureInfo.InvariantCulture));
        var said = ((string[])["joined", "left", "reRead"]).Where(name => record.TryGetProperty(name, out var ids) && ids.GetArrayLength() > 0)
            .Select(name => $"{name} {record.GetProperty(name)[0].GetString()}");
        return $"{item.EventType} {item.EventId} {string.Join(", ", said)}";
    }
}
