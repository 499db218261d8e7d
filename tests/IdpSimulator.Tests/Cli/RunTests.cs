using System.Net;
using System.Text.Json.Nodes;
using IdpSimulator.Cli;
using IdpSimulator.Tests.Stubs;
using Microsoft.AspNetCore.Http;

namespace IdpSimulator.Tests.Cli;

public sealed class RunTests
{
    [Theory]
    [InlineData("entra")]
    [InlineData("okta")]
    public async Task Every_variant_plays_its_story_to_a_good_end_on_a_service_that_does_as_it_should(string provider)
    {
        await using var scim = await new StubScim().StartAsync();
        var (good, output) = await RunAsync(scim, provider);
        Assert.True(good, output);
        Assert.Contains("All as expected.", output, StringComparison.Ordinal);
        Assert.Contains("p95 ms", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_carry_the_token_and_what_marks_the_provider()
    {
        await using var scim = await new StubScim().StartAsync();
        await RunAsync(scim, "okta");
        Assert.All(scim.Requests, request =>
        {
            Assert.Equal("Bearer scim_1_secret", request.Headers.Authorization);
            Assert.Equal("Okta SCIM Client 1.0.0", request.Headers.UserAgent);
            if (request.Body.Length > 0) Assert.Equal("application/scim+json; charset=utf-8", request.Headers.ContentType);
        });
    }

    [Fact]
    public async Task The_flag_of_the_new_dialect_comes_with_each_of_its_requests()
    {
        await using var scim = await new StubScim().StartAsync();
        await RunAsync(scim, "entra");
        Assert.Contains(scim.Requests, request => request.Target.Contains("filter=", StringComparison.Ordinal) && request.Target.EndsWith("&aadOptscim062020", StringComparison.Ordinal));
        Assert.Contains(scim.Requests, request => request.Method == "PATCH" && request.Target.EndsWith("?aadOptscim062020", StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_personal_data_is_printed()
    {
        await using var scim = await new StubScim().StartAsync();
        var (_, output) = await RunAsync(scim, "entra");
        Assert.DoesNotContain("@", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Björk", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_status_ends_the_story_and_is_told_with_what_was_expected_and_the_services_reason()
    {
        await using var scim = await new StubScim().StartAsync();
        scim.Tamper = async context =>
        {
            if (context.Request.Method != "PATCH") return false;
            context.Response.StatusCode = 400;
            await context.Response.WriteAsync("""{"status":"400","detail":"No."}""");
            return true;
        };
        var (good, output) = await RunAsync(scim, "entra");
        Assert.False(good);
        Assert.Contains("UNEXPECTED  expected 204 to PATCH Groups/", output, StringComparison.Ordinal);
        Assert.Contains("got 400: No.", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_activation_that_is_answered_inactive_is_found()
    {
        await using var scim = await new StubScim().StartAsync();
        scim.Distort = resource => { if (resource.ContainsKey("active")) resource["active"] = false; };
        var (good, output) = await RunAsync(scim, "okta");
        Assert.False(good);
        Assert.Contains("expected a user with active:true", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_member_that_SCIM_lost_is_found_at_the_end()
    {
        await using var scim = await new StubScim().StartAsync();
        scim.Distort = resource => { if (resource["members"] is JsonArray { Count: > 0 } members) members.RemoveAt(0); };
        var (good, output) = await RunAsync(scim, "entra");
        Assert.False(good);
        Assert.Contains("DIFFERENT  group", output, StringComparison.Ordinal);
        Assert.Contains("the tenant believes a member, SCIM says nothing", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_429_is_waited_out()
    {
        await using var scim = await new StubScim().StartAsync();
        var refused = 0;
        scim.Tamper = context =>
        {
            if (context.Request.Method != "POST" || Interlocked.Increment(ref refused) != 1) return Task.FromResult(false);
            context.Response.StatusCode = (int)HttpStatusCode.TooManyRequests;
            context.Response.Headers.RetryAfter = "1";
            return Task.FromResult(true);
        };
        var (good, output) = await RunAsync(scim, "entra");
        Assert.True(good, output);
        Assert.Contains("1 × 429", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_service_at_all_is_no_crash()
    {
        var scim = await new StubScim().StartAsync();
        var url = scim.BaseUrl;
        await scim.DisposeAsync();
        var options = Options.Parse(["--base-url", url.AbsoluteUri, "--token", "x", "--provider", "okta"]);
        var output = new StringWriter();
        Assert.False(await new Run(options, output).PlayAsync(await VariantPlayer.ChooseAsync(options, default), default));
        Assert.Contains("NO ANSWER", output.ToString(), StringComparison.Ordinal);
    }

    private static async Task<(bool Good, string Output)> RunAsync(StubScim scim, string provider)
    {
        var options = Options.Parse(["--base-url", scim.BaseUrl.AbsoluteUri, "--token", "scim_1_secret", "--provider", provider, "--variants", "all"]);
        var output = new StringWriter();
        var good = await new Run(options, output).PlayAsync(await VariantPlayer.ChooseAsync(options, default), default);
        return (good, output.ToString());
    }
}
