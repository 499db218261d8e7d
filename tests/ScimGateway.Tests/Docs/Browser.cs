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

    private readonly SemaphoreSlim starting = new(1);
    private IPlaywright? playwright;
    private IBrowser? browser;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>A page in a context of its own: no cookies, nothing stored. Started with the first one asked for.</summary>
    public async Task<IPage> NewPageAsync(int width = 1280, int height = 800)
    {
        await starting.WaitAsync();
        try
        {
            if (!File.Exists(Executable)) throw new FileNotFoundException($"{Executable} is missing: apt-get install chromium.", Executable);
            playwright ??= await Playwright.CreateAsync();
            browser ??= await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Executable, Headless = true, Args = Arguments });
        }
        finally
        {
            starting.Release();
        }

        var context = await browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = height } });
        context.SetDefaultTimeout(15_000);
        return await context.NewPageAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null) await browser.DisposeAsync();
        playwright?.Dispose();
        starting.Dispose();
    }
}
