using System.Diagnostics;
using LocalRuntime.Dashboard;
using Microsoft.Playwright;
using static AppHost.Tests.Dashboard.RunningDashboard;
using static Microsoft.Playwright.Assertions;

namespace AppHost.Tests.Dashboard;

/// <summary>The page in a real browser, over a board that the test feeds.</summary>
public sealed class DashboardPageTests(Browser browser) : IAsyncLifetime
{
    private readonly List<string> _complaints = [];
    private string? _expectedComplaint;
    private RunningDashboard _dashboard = null!;
    private IPage _page = null!;

    private ResourceBoard Board => _dashboard.Board;

    public async ValueTask InitializeAsync()
    {
        _dashboard = await StartAsync();
        Board.Publish(new() { Name = "postgres", Type = ResourceType.Container, State = ResourceState.Running, Health = ResourceHealth.Healthy });
        Board.Publish(new() { Name = "licensedb", Type = ResourceType.Database, State = ResourceState.Running, Parent = "postgres" });
        Board.Publish(License(ResourceState.Running));
        await UsePageAsync(await browser.NewPageAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await _page.Context.DisposeAsync();
        await _dashboard.DisposeAsync();
        // Anything that the policy blocked or a script threw: what a reader of the code would not see.
        Assert.DoesNotContain(_complaints, each => _expectedComplaint is null || !each.Contains(_expectedComplaint, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Resources_are_seen_and_change_by_themselves()
    {
        await Expect(_page.Locator("#connection")).ToHaveTextAsync("Live");
        await Expect(_page.Locator("tbody tr .name")).ToHaveTextAsync(["postgres", "licensedb", "license"]);
        await Expect(Row("license").Locator("[data-column=State]")).ToHaveTextAsync("Running");
        await Expect(Row("license").GetByRole(AriaRole.Link, new() { Name = "localhost:15120" })).ToHaveAttributeAsync("href", "http://localhost:15120");

        Board.Publish(License(ResourceState.Exited) with { ExitCode = 139, StateReason = "Segmentation fault", Restarts = 3 });
        Board.Publish(Project("policy", ResourceState.Waiting) with { StateReason = "Waits for license to be healthy" });

        await Expect(Row("license").Locator("[data-column=State]")).ToHaveTextAsync("Exited (139)Segmentation fault · restarted 3 times");
        await Expect(Row("license")).ToHaveAttributeAsync("data-tone", "bad");
        await Expect(Row("policy").Locator("[data-column=State]")).ToContainTextAsync("Waits for license");
        await Expect(_page).ToHaveTitleAsync("(1 failed) Resources – Provisioning");
    }

    [Fact]
    public async Task A_secret_is_masked_until_it_is_revealed_and_masked_again()
    {
        await Row("license").Locator(".name").ClickAsync();
        var details = _page.GetByRole(AriaRole.Complementary, new() { Name = "Details" });
        await Expect(details).ToContainTextAsync("ASPNETCORE_ENVIRONMENT");
        await Expect(details).ToContainTextAsync("••••••••");
        Assert.DoesNotContain("hush", await _page.ContentAsync(), StringComparison.Ordinal);

        var reveal = details.GetByRole(AriaRole.Button, new() { Name = "Reveal ConnectionStrings__licensedb" });
        await reveal.ClickAsync();
        await Expect(details).ToContainTextAsync("Password=hush");
        await reveal.ClickAsync();
        await Expect(details).Not.ToContainTextAsync("hush");
    }

    [Fact]
    public async Task A_stop_arrives_at_the_runtime_and_the_buttons_follow_the_state()
    {
        var commands = new List<string>();
        Board.OnCommand = (name, command, _) =>
        {
            commands.Add($"{command} {name}");
            Board.Publish(License(ResourceState.Exited) with { ExitCode = 0 });
            return Task.CompletedTask;
        };
        var (start, stop) = (Button("Start license"), Button("Stop license"));
        await Expect(start).ToBeDisabledAsync();

        await stop.ClickAsync();

        await Expect(Row("license").Locator("[data-column=State]")).ToHaveTextAsync("Exited (0)");
        await Expect(stop).ToBeDisabledAsync();
        await Expect(start).ToBeEnabledAsync();
        await stop.ClickAsync(new() { Force = true });
        Assert.Equal(["Stop license"], commands);
    }

    [Fact]
    public async Task A_failing_command_shows_the_reason_until_it_is_dismissed()
    {
        _expectedComplaint = "status of 500";
        Board.OnCommand = (_, _, _) => throw new InvalidOperationException("It does not <b>end</b>.");
        await Button("Restart license").ClickAsync();
        var alert = _page.GetByRole(AriaRole.Alert);
        await Expect(alert).ToContainTextAsync("Restart license");
        await Expect(alert).ToContainTextAsync("It does not <b>end</b>.");
        await alert.GetByRole(AriaRole.Button, new() { Name = "Dismiss" }).ClickAsync();
        await Expect(alert).ToBeEmptyAsync();
    }

    [Fact]
    public async Task The_keyboard_reaches_everything_and_escape_leads_back()
    {
        await _page.Keyboard.PressAsync("Tab");
        await Expect(_page.GetByRole(AriaRole.Link, new() { Name = "Skip to content" })).ToBeFocusedAsync();
        var link = Row("license").Locator(".name");
        await link.FocusAsync();
        await _page.Keyboard.PressAsync("Enter");
        await Expect(_page).ToHaveURLAsync(new Uri(_dashboard.Server.Address, "/resources/license").ToString());
        await Expect(_page.GetByRole(AriaRole.Heading, new() { Name = "license", Exact = true })).ToBeFocusedAsync();
        await _page.Keyboard.PressAsync("Escape");
        await Expect(_page.GetByRole(AriaRole.Complementary)).ToBeHiddenAsync();
        await Expect(link).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Logs_are_live_searchable_and_only_text()
    {
        Write("license", LogStream.Output, "info: Listening on http://localhost:15120");
        Write("license", LogStream.Error, "\e[31mfail\e[39m: <img src=x onerror=alert(1)> boom");
        Write("postgres", LogStream.Output, "ready to accept connections");
        await _page.GetByRole(AriaRole.Link, new() { Name = "Console logs", Exact = true }).ClickAsync();

        var lines = _page.Locator(".line");
        await Expect(lines).ToHaveCountAsync(3);
        await Expect(lines.Nth(1).Locator(".text")).ToHaveTextAsync("fail: <img src=x onerror=alert(1)> boom");
        await Expect(lines.Nth(1)).ToHaveAttributeAsync("data-stream", "Error");

        await _page.GetByPlaceholder("Search…").FillAsync("LISTENING");
        await Expect(lines).ToHaveCountAsync(1);
        await Expect(_page.Locator(".count-line")).ToHaveTextAsync("1 of 3 lines");

        Write("license", LogStream.Output, "still listening");
        Write("license", LogStream.Output, "something else");
        await Expect(lines).ToHaveCountAsync(2);
        await Expect(_page.Locator(".count-line")).ToHaveTextAsync("2 of 5 lines");

        await _page.GetByPlaceholder("Search…").FillAsync("");
        await _page.GetByLabel("Errors only").CheckAsync();
        await Expect(lines).ToHaveCountAsync(1);
        await _page.GetByLabel("Errors only").UncheckAsync();

        await _page.GetByLabel("Resource").SelectOptionAsync("postgres");
        await Expect(lines.Locator(".text")).ToHaveTextAsync(["ready to accept connections"]);
        await Expect(_page).ToHaveURLAsync(new Uri(_dashboard.Server.Address, "/logs/postgres").ToString());
    }

    [Fact]
    public async Task Logs_can_be_paused_cleared_and_saved()
    {
        Write("license", LogStream.Output, "one");
        await _page.GotoAsync(new Uri(_dashboard.Server.Address, "/logs/license").ToString());
        var lines = _page.Locator(".line .text");
        await Expect(lines).ToHaveTextAsync(["one"]);

        await Button("Pause").ClickAsync();
        Write("license", LogStream.Output, "two");
        await Expect(Button("Resume (1 new)")).ToBeVisibleAsync();
        await Expect(lines).ToHaveTextAsync(["one"]);
        await Button("Resume (1 new)").ClickAsync();
        await Expect(lines).ToHaveTextAsync(["one", "two"]);

        var download = await _page.RunAndWaitForDownloadAsync(() => Button("Download").ClickAsync());
        Assert.StartsWith("license-", download.SuggestedFilename, StringComparison.Ordinal);
        var saved = await File.ReadAllLinesAsync(await download.PathAsync());
        Assert.Equal(["2026-11-23T10:00:00+00:00 license out one", "2026-11-23T10:00:00+00:00 license out two"], saved);

        await Button("Clear").ClickAsync();
        await Expect(lines).ToHaveCountAsync(0);
        Write("license", LogStream.Output, "three");
        await Expect(lines).ToHaveTextAsync(["three"]);
    }

    [Fact]
    public async Task Thousands_of_lines_stay_quick_and_the_newest_is_in_sight_until_the_reader_scrolls_up()
    {
        const int Many = 5_000;
        for (var i = 0; i < Many; i++) Write("license", LogStream.Output, $"info: line {i} of many, long enough to be a real one");
        await _page.GotoAsync(new Uri(_dashboard.Server.Address, "/logs/license").ToString());
        await Expect(_page.Locator(".count-line")).ToHaveTextAsync("5,000 lines");
        await Expect(_page.GetByText("line 4999 of many")).ToBeInViewportAsync();

        var watch = Stopwatch.StartNew();
        await _page.GetByPlaceholder("Search…").FillAsync("line 49");
        await Expect(_page.Locator(".count-line")).ToHaveTextAsync("111 of 5,000 lines");
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(3));
        await _page.GetByPlaceholder("Search…").FillAsync("");
        await Expect(_page.Locator(".count-line")).ToHaveTextAsync("5,000 lines");

        await _page.Locator(".scroller").EvaluateAsync("scroller => { scroller.scrollTop = 200; }");
        await Expect(Button("Newest")).ToBeVisibleAsync();
        Write("license", LogStream.Output, "the last word");
        await Expect(Button("1 new")).ToBeVisibleAsync();
        await Expect(_page.GetByText("the last word")).Not.ToBeInViewportAsync();
        await Button("1 new").ClickAsync();
        await Expect(_page.GetByText("the last word")).ToBeInViewportAsync();
    }

    [Theory]
    [InlineData(1024, 768)]
    [InlineData(390, 844)]
    public async Task Nothing_is_cut_off_on_a_small_screen(int width, int height)
    {
        var page = await browser.NewPageAsync(width, height);
        await _page.Context.DisposeAsync();
        await UsePageAsync(page);
        Write("license", LogStream.Output, new string('x', 400));
        foreach (var path in new[] { "/", "/resources/license", "/logs" })
        {
            await _page.GotoAsync(new Uri(_dashboard.Server.Address, path).ToString());
            await Expect(_page.Locator(path == "/logs" ? ".line" : "tr[data-resource=license]")).ToBeAttachedAsync();
            Assert.Empty(await _page.EvaluateAsync<string[]>(
                "() => [...document.body.querySelectorAll('*')].filter(e => !e.closest('.lines, .visually-hidden, .skip') && e.checkVisibility() && e.getBoundingClientRect().right > innerWidth + 1).map(e => `${location.pathname} ${e.tagName}.${e.getAttribute('class')} ${e.getBoundingClientRect().right}`)"));
        }

        await _page.GotoAsync(_dashboard.Server.Address.ToString());
        await Expect(Button("Stop license")).ToBeInViewportAsync(new() { Ratio = 1 });
    }

    [Fact]
    public async Task A_stopped_apphost_is_told_and_a_new_one_is_found_without_a_reload()
    {
        await Expect(_page.Locator("#connection")).ToHaveTextAsync("Live");
        _expectedComplaint = "net::ERR_";
        var port = _dashboard.Server.Address.Port;
        await _dashboard.Server.StopAsync(CancellationToken.None);
        await Expect(_page.Locator("#connection")).ToContainTextAsync("AppHost does not answer");

        var board = new ResourceBoard();
        board.Publish(Project("reborn"));
        await using var next = await DashboardServer.StartAsync(board, port, Token, CancellationToken.None);
        await Expect(_page.Locator("tbody tr .name")).ToHaveTextAsync(["reborn"]);
        await Expect(_page.Locator("#connection")).ToHaveTextAsync("Live");
    }

    private async Task UsePageAsync(IPage page)
    {
        _page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") _complaints.Add(message.Text);
        };
        page.PageError += (_, error) => _complaints.Add(error);
        await page.GotoAsync(_dashboard.Server.LoginAddress.ToString());
        await Expect(Row("license")).ToBeVisibleAsync();
    }

    private ILocator Row(string name) => _page.Locator($"tr[data-resource='{name}']");

    private ILocator Button(string name) => _page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    private void Write(string resource, LogStream stream, string text) => Board.AppendLog(resource, stream, text, At);

    private static ResourceSnapshot License(ResourceState state) => Project("license", state) with
    {
        StartedAt = At,
        Urls = [new("http://localhost:15120")],
        Environment = [new("ASPNETCORE_ENVIRONMENT", "Development"), new("ConnectionStrings__licensedb", "Host=localhost;Password=hush", Secret: true)],
        WaitsFor = [new("licensedb")],
    };
}
