using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace DirectoryService.Tests.Scim;

/// <summary>What a body may be: each limit that is exceeded is named, and the service answers on.</summary>
public sealed class LimitTests(DirectoryFixture fixture)
{
    private static readonly string Deep = new('[', 100_000);

    private async Task<string> RefusedAsync(string type, byte[] body, int status, string? scimType, string method = "POST", bool chunked = false)
    {
        var scim = await fixture.DirectoryAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), scim.BaseUrl + type) { Content = new ByteArrayContent(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", scim.Token);
        request.Headers.TransferEncodingChunked = chunked;
        request.Content.Headers.ContentType = new("application/scim+json");
        using var response = await fixture.Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        var answer = new Answer(response.StatusCode, JsonNode.Parse(text)!.AsObject(), response.Headers, response.Content.Headers.ContentType?.MediaType);
        (await scim.GetAsync("/Users?count=0")).Expect(HttpStatusCode.OK);
        return answer.Refused(status, scimType).Detail!;
    }

    [Theory]
    [InlineData("/Users")]
    [InlineData("/Groups")]
    public async Task Nesting_is_refused_by_its_depth(string type)
    {
        Assert.Contains("32", await RefusedAsync(type, Encoding.UTF8.GetBytes("""{"displayName":""" + Deep), 400, "invalidSyntax"), StringComparison.Ordinal);
        var objects = string.Concat(Enumerable.Repeat("""{"a":""", 100_000));
        Assert.Contains("32", await RefusedAsync(type, Encoding.UTF8.GetBytes(objects), 400, "invalidSyntax"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/Users")]
    [InlineData("/Groups")]
    public async Task Text_that_is_no_Unicode_is_refused(string type)
    {
        await RefusedAsync(type, [.. "{\"displayName\":\""u8, 0xC3, 0x28, .. "\"}"u8], 400, "invalidSyntax");
        await RefusedAsync(type, "{\"displayName\":\"\\ud800\"}"u8.ToArray(), 400, "invalidSyntax");
        await RefusedAsync(type, "{\"\\udc00\":1}"u8.ToArray(), 400, "invalidSyntax");
        Assert.Contains("NUL", await RefusedAsync(type, "{\"urn:x\":{\"a\":{\"b\":\"\\u0000\"}}}"u8.ToArray(), 400, "invalidValue"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"displayName":"a","displayName":"b"}""")]
    [InlineData("""{"displayName":"a","members":[{"value":"x","value":"y"}]}""")]
    [InlineData("""{"displayName":"a","urn:x":{"k":1,"k":2}}""")]
    public async Task A_name_given_twice_is_refused(string body) =>
        Assert.Contains("twice", await RefusedAsync("/Groups", Encoding.UTF8.GetBytes(body), 400, "invalidSyntax"), StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"displayName\":\"a\"")]
    [InlineData("{\"displayName\":\"a\"}{}")]
    public async Task What_is_no_single_object_is_refused(string body) =>
        await RefusedAsync("/Groups", Encoding.UTF8.GetBytes(body), 400, "invalidSyntax");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_large_user_is_refused_by_1_MB(bool chunked) =>
        Assert.Contains("1 MB", await RefusedAsync("/Users", Encoding.UTF8.GetBytes($$"""{"userName":"{{new string('x', 1 << 20)}}"}"""), 413, null, chunked: chunked), StringComparison.Ordinal);

    [Fact]
    public async Task What_a_group_says_besides_its_members_stays_small() =>
        Assert.Contains("1 MB", await RefusedAsync("/Groups", Encoding.UTF8.GetBytes($$"""{"displayName":"{{new string('x', 2 << 20)}}"}"""), 413, null), StringComparison.Ordinal);

    [Fact]
    public async Task More_than_a_thousand_operations_are_refused()
    {
        var many = string.Join(',', Enumerable.Repeat("{}", 100_000));
        var id = Guid.NewGuid();
        Assert.Contains("1000", await RefusedAsync($"/Groups/{id}", Encoding.UTF8.GetBytes($$"""{"Operations":[{{many}}]}"""), 400, "invalidSyntax", "PATCH"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_of_100000_brackets_is_refused_and_not_repeated()
    {
        var body = $$"""{"Operations":[{"op":"add","path":"members{{Deep}}","value":[]}]}""";
        var detail = await RefusedAsync($"/Groups/{Guid.NewGuid()}", Encoding.UTF8.GetBytes(body), 400, "invalidPath", "PATCH");
        Assert.True(detail.Length < 2_000);
        var filter = $$"""{"Operations":[{"op":"remove","path":"members[{{new string('(', 100_000)}}]"}]}""";
        Assert.Contains("2000", await RefusedAsync($"/Groups/{Guid.NewGuid()}", Encoding.UTF8.GetBytes(filter), 400, "invalidFilter", "PATCH"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"userName":"a","urn:x":{"n":1e999}}""")]
    [InlineData("""{"userName":"\u200b\u200d "}""")]
    [InlineData("""{"userName":"a\u0007b"}""")]
    [InlineData("""{"userName":"a\ue000"}""")]
    public async Task What_cannot_be_stored_or_compared_is_refused(string body) =>
        await RefusedAsync("/Users", Encoding.UTF8.GetBytes(body), 400, "invalidValue");

    [Theory]
    [InlineData("userName")]
    [InlineData("externalId")]
    public async Task A_name_too_long_for_an_index_is_refused(string attribute)
    {
        var text = string.Concat(Enumerable.Range(0, 400).Select(i => (char)(0x4E00 + (i * 31))));
        var body = new JsonObject { ["userName"] = "a", [attribute] = text }.ToJsonString();
        Assert.Contains("1000 bytes", await RefusedAsync("/Users", Encoding.UTF8.GetBytes(body), 400, "invalidValue"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(")]
    [InlineData("not(")]
    [InlineData("emails[")]
    public async Task A_filter_of_100000_brackets_is_refused_by_its_length(string bracket)
    {
        var filter = string.Concat(Enumerable.Repeat(bracket, 100_000));
        Assert.Contains("2000", await RefusedAsync("/Users/.search", Encoding.UTF8.GetBytes($$"""{"filter":"{{filter}}"}"""), 400, "invalidFilter"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_longest_filter_is_served_in_an_address_whatever_its_letters()
    {
        var scim = await fixture.DirectoryAsync();
        var longest = $"userName eq \"{new string('李', 1_986)}\"";
        Assert.Equal(2_000, longest.Length);
        Assert.Equal(0, (await scim.FilterAsync("Users", longest)).Expect(HttpStatusCode.OK).Total);
        Assert.Contains("2000", (await scim.FilterAsync("Users", longest + " ")).Refused(400, "invalidFilter").Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Filters_are_bounded_in_depth_and_terms()
    {
        var scim = await fixture.DirectoryAsync();
        Assert.Contains("32", (await scim.FilterAsync("Users", new string('(', 33) + "title pr" + new string(')', 33))).Refused(400, "invalidFilter").Detail, StringComparison.Ordinal);
        Assert.Contains("100", (await scim.FilterAsync("Users", string.Join(" or ", Enumerable.Repeat("title pr", 101)))).Refused(400, "invalidFilter").Detail, StringComparison.Ordinal);
        (await scim.FilterAsync("Users", string.Join(" or ", Enumerable.Repeat("title pr", 100)))).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_group_larger_than_64_MB_is_refused_by_its_length_before_it_is_read()
    {
        var scim = await fixture.DirectoryAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, scim.BaseUrl + "/Groups") { Content = new StreamContent(Stream.Null) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", scim.Token);
        request.Headers.ExpectContinue = true; // so that nothing of it need be sent
        request.Content.Headers.ContentType = new("application/scim+json");
        request.Content.Headers.ContentLength = (64 << 20) + 1;
        using var response = await fixture.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("64 MB", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Any_number_of_values_fits_in_one_operation()
    {
        var scim = await fixture.DirectoryAsync();
        var id = await scim.CreateUserAsync("ada");
        var values = string.Join(',', Enumerable.Range(0, 2_000).Select(n => $$"""{"value":"e{{n}}"}"""));
        Assert.Equal(2_000, (await scim.PatchAsync($"/Users/{id}", $$"""{"op":"add","path":"entitlements","value":[{{values}}]}""")).Expect(HttpStatusCode.OK).Body!["entitlements"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_filter_with_NUL_is_refused()
    {
        var scim = await fixture.DirectoryAsync();
        (await scim.FilterAsync("Users", "userName eq \"a\\u0000\"")).Refused(400, "invalidFilter");
    }
}
