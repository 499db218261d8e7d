using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace DirectoryService.Tests.Scim;

/// <summary>What HTTP asks of every address: HEAD, Allow, Location, codings, preferences.</summary>
public sealed class HttpTests(DirectoryFixture fixture)
{
    private async Task<HttpResponseMessage> SendAsync(ScimClient scim, string method, string path, HttpContent? body = null, string? prefer = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), scim.BaseUrl + path) { Content = body };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", scim.Token);
        if (prefer is not null) request.Headers.TryAddWithoutValidation("Prefer", prefer);
        return await fixture.Http.SendAsync(request);
    }

    [Fact]
    public async Task Whatever_is_read_by_GET_answers_HEAD_with_the_same_and_no_body()
    {
        var scim = await fixture.DirectoryAsync();
        var user = await scim.CreateUserAsync("ada");
        var group = await scim.CreateGroupAsync("Team", user);
        foreach (var path in (string[])["/", "/Users", $"/Users/{user}", "/Groups", $"/Groups/{group}", "/ServiceProviderConfig", "/ResourceTypes", "/ResourceTypes/User",
            "/Schemas", "/Schemas/urn:ietf:params:scim:schemas:core:2.0:User", "/Me", $"/Users/{Guid.NewGuid()}", "/Users?filter=nosuch", "/Schemas?filter=x"])
        {
            using var get = await SendAsync(scim, "GET", path);
            using var head = await SendAsync(scim, "HEAD", path);
            Assert.Equal((get.StatusCode, get.Content.Headers.ContentType?.ToString(), get.Headers.ETag, get.Content.Headers.ContentLocation),
                (head.StatusCode, head.Content.Headers.ContentType?.ToString(), head.Headers.ETag, head.Content.Headers.ContentLocation));
            Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        }
    }

    [Theory]
    [InlineData("PATCH", "/", "GET, HEAD")]
    [InlineData("DELETE", "/Users", "GET, HEAD, POST")]
    [InlineData("POST", "/Users/ID", "DELETE, GET, HEAD, PATCH, PUT")]
    [InlineData("POST", "/Groups/ID", "DELETE, GET, HEAD, PATCH, PUT")]
    [InlineData("GET", "/Users/.search", "POST")]
    [InlineData("DELETE", "/Groups/.search", "POST")]
    [InlineData("PUT", "/.search", "POST")]
    [InlineData("GET", "/Bulk", "POST")]
    [InlineData("POST", "/Schemas", "GET, HEAD")]
    [InlineData("DELETE", "/ResourceTypes/User", "GET, HEAD")]
    public async Task A_method_that_a_resource_does_not_take_is_answered_with_those_that_it_takes(string method, string path, string allowed)
    {
        var scim = await fixture.DirectoryAsync();
        var refused = (await scim.SendAsync(method, path.Replace("ID", Guid.NewGuid().ToString(), StringComparison.Ordinal), method == "GET" ? null : "{}")).Refused(405, null);
        Assert.Equal(allowed, string.Join(", ", refused.Allow!.SelectMany(line => line.Split(',', StringSplitOptions.TrimEntries)).Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("/Users", """{"userName":"ada"}""", """{"op":"add","path":"externalId","value":"x"}""")]
    [InlineData("/Groups", """{"displayName":"Team"}""", """{"op":"add","path":"externalId","value":"x"}""")]
    public async Task One_resource_is_named_where_it_is_answered(string collection, string body, string operation)
    {
        var scim = await fixture.DirectoryAsync();
        using var posted = await SendAsync(scim, "POST", collection, Json(body));
        var location = posted.Headers.Location!;
        Assert.Equal(location, posted.Content.Headers.ContentLocation);
        var path = location.ToString()[scim.BaseUrl.Length..];
        using var get = await SendAsync(scim, "GET", path);
        Assert.Equal((location, null), (get.Content.Headers.ContentLocation, get.Headers.Location));
        Assert.Equal(location.ToString(), (await scim.GetAsync(path)).Body!["meta"]!["location"]!.GetValue<string>());
        using var put = await SendAsync(scim, "PUT", path, Json(body));
        Assert.Equal((location, location), (put.Content.Headers.ContentLocation, put.Headers.Location));
        using var patch = await SendAsync(scim, "PATCH", path + "?attributes=externalId", Json($$"""{"Operations":[{{operation}}]}"""));
        Assert.Equal((HttpStatusCode.OK, location, location), (patch.StatusCode, patch.Content.Headers.ContentLocation, patch.Headers.Location));
        using var list = await SendAsync(scim, "GET", collection);
        Assert.Null(list.Content.Headers.ContentLocation);
    }

    [Theory]
    [InlineData(null, 204)]
    [InlineData("return=minimal", 204)]
    [InlineData("return=representation", 200)]
    [InlineData("respond-async, RETURN = representation; x=y", 200)]
    public async Task A_patched_group_is_answered_to_who_prefers_it(string? prefer, int status)
    {
        var scim = await fixture.DirectoryAsync();
        var user = await scim.CreateUserAsync("ada");
        var group = await scim.CreateGroupAsync("Team");
        using var answer = await SendAsync(scim, "PATCH", $"/Groups/{group}", Json($$"""{"Operations":[{"op":"add","path":"members","value":[{"value":"{{user}}"}]}]}"""), prefer);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal($"{scim.BaseUrl}/Groups/{group}", answer.Headers.Location!.ToString());
        Assert.Equal(status == 200, answer.Headers.Contains("Preference-Applied"));
        if (status == 200) Assert.Contains(user.ToString(), await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    /// <summary>RFC 7643 §2.5: nothing and [] are the same, and the shorter of them is shown.</summary>
    [Fact]
    public async Task A_group_without_members_shows_none_wherever_it_is_asked()
    {
        var scim = await fixture.DirectoryAsync();
        var group = await scim.CreateGroupAsync("Team");
        await scim.CreateGroupAsync("Other");
        foreach (var shown in (string[])["attributes=members", "attributes=members.value,displayName", "excludedAttributes=meta"])
        {
            Answer[] answers =
            [
                await scim.GetAsync($"/Groups/{group}?{shown}"),
                await scim.SendAsync("PUT", $"/Groups/{group}?{shown}", """{"displayName":"Team"}"""),
                await scim.PatchAsync($"/Groups/{group}", """{"op":"replace","path":"members","value":[]}""", "?" + shown),
            ];
            Assert.All(answers, answer => Assert.False(answer.Body?.ContainsKey("members") ?? false));
            foreach (var list in (string[])["/Groups?", "/Groups?filter=displayName eq \"team\"&", "/Groups?filter=displayName co \"team\"&", "/?"])
                Assert.All((await scim.GetAsync(list + shown)).Expect(HttpStatusCode.OK).Body!["Resources"]!.AsArray(), one => Assert.False(one!.AsObject().ContainsKey("members")));
        }
    }

    [Fact]
    public async Task A_body_in_a_coding_is_refused_with_what_would_be_taken()
    {
        var scim = await fixture.DirectoryAsync();
        foreach (var path in (string[])["/Users", "/Groups", "/Bulk", "/Users/.search"])
        {
            var body = Json("{}");
            body.Headers.ContentEncoding.Add("gzip");
            using var answer = await SendAsync(scim, "POST", path, body);
            Assert.Equal((HttpStatusCode.UnsupportedMediaType, "identity"), (answer.StatusCode, string.Join(',', answer.Headers.TryGetValues("Accept-Encoding", out var codings) ? codings : [])));
            Assert.Contains("gzip", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_id_that_is_none_is_no_resource_and_says_so()
    {
        var scim = await fixture.DirectoryAsync();
        foreach (var id in (string[])["x", "%20", "%22", "%F0%9F%98%80", ".x", "00000000-0000-0000-0000-000000000000"])
            (await scim.GetAsync($"/Users/{id}")).Refused(404, null);
    }

    /// <summary>The web server refuses it before this service sees a request; it has no body to say why in.</summary>
    [Fact]
    public async Task NUL_in_an_address_is_400()
    {
        var scim = await fixture.DirectoryAsync();
        using var client = new System.Net.Sockets.TcpClient(fixture.Address.Host, fixture.Address.Port);
        await using var stream = client.GetStream();
        var path = new Uri(scim.BaseUrl).AbsolutePath;
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {path}/Users/%00 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {scim.Token}\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var answer = await reader.ReadToEndAsync();
        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
    }

    private static StringContent Json(string json) => new(json, new UTF8Encoding(false), new MediaTypeHeaderValue("application/scim+json"));
}
