using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;
using ScimGateway.Tests.Stubs;

namespace ScimGateway.Tests.Docs;

public sealed class DocsPageTests(Browser browser)
{
    [Theory]
    [InlineData(1280)]
    [InlineData(390)]
    public async Task The_page_shows_both_documents_and_loads_nothing_from_elsewhere(int width)
    {
        await using var directory = await StubService.StartAsync("directory", context => context.Response.WriteAsync(
            context.Request.Path == "/internal/openapi/scim.json" ? Document("SCIM 2.0", "Finds users") : Document("Admin API", "The account's directories"),
            context.RequestAborted));
        await using var gateway = await GatewayUnderTest.StartAsync([directory]);
        var page = await browser.NewPageAsync(width);
        var (requests, faults) = (new List<Uri>(), new List<string>());
        page.Request += (_, request) => requests.Add(new Uri(request.Url));
        page.PageError += (_, error) => faults.Add(error);
        page.Console += (_, message) => { if (message.Type == "error") faults.Add(message.Text); };

        foreach (var (document, title, operation) in ((string, string, string)[])[("api", "Admin API", "The account's directories"), ("scim-20", "SCIM 2.0", "Finds users")])
        {
            await page.GotoAsync($"{gateway.Client.BaseAddress}docs/#{document}");
            await page.ReloadAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = title, Exact = true }).First).ToBeVisibleAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = operation }).First).ToBeAttachedAsync();
            Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"), "The page scrolls sideways.");
        }

        Assert.NotEmpty(requests);
        Assert.All(requests, request => Assert.True(request.Scheme is "data" or "blob" || request.Authority == gateway.Client.BaseAddress!.Authority, $"{request} is elsewhere."));
        Assert.Empty(faults);
    }

    private static string Document(string title, string summary) => $$$"""
        {
          "openapi": "3.1.1", "info": { "title": "{{{title}}}", "version": "1" },
          "paths": { "/things": { "get": { "tags": ["Things"], "summary": "{{{summary}}}", "responses": { "200": { "description": "OK" } } } } }
        }
        """;
}
