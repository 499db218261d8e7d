using ScimGateway.Tests.Docs;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Browser))]

namespace ScimGateway.Tests.Docs;

/// <summary>The machine's Chromium, headless; Playwright never downloads one.</summary>
public sealed class Browser : IAsyncLifetime
{
    private const string Executable = "/usr/bin/chromium";
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ];

    private readonly SemaphoreSlim _starting = new(1);
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>A page in a context of its own: no cookies, nothing stored. Started with the first one asked for.</summary>
    public async Task<IPage> NewPageAsync(int width = 1280, int height = 800)
    {
        await _starting.WaitAsync();
        try
        {
            if (!File.Exists(Executable)) throw new FileNotFoundException($"{Executable} is missing: apt-get install chromium.", Executable);
            _playwright ??= await Playwright.CreateAsync();
            _browser ??= await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Executable, Headless = true, Args = Arguments });
        }
        finally
        {
            _starting.Release();
        }

        var context = await _browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = height } });
        context.SetDefaultTimeout(15_000);
        return await context.NewPageAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
        _starting.Dispose();
    }
}
