using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ScimGateway.Tests.Stubs;
using Testing;

namespace ScimGateway.Tests.Limits;

public sealed class BodyLimitsTests : IAsyncLifetime
{
    private static readonly string Users = GatewayUnderTest.ScimBase + "/Users";
    private static readonly string Groups = GatewayUnderTest.ScimBase + "/Groups";
    private readonly Received received = new();
    private StubService directory = null!;
    private GatewayUnderTest gateway = null!;

    public async ValueTask InitializeAsync()
    {
        directory = await StubService.StartAsync("directory", async context => await received.ReadAsync(context.Request.Body));
        gateway = await GatewayUnderTest.StartAsync([directory],
            ["Gateway:ActivityTimeout=00:00:01", "Gateway:GroupsActivityTimeout=00:00:01"]);
    }

    public async ValueTask DisposeAsync()
    {
        await gateway.DisposeAsync();
        await directory.DisposeAsync();
    }

    [Fact]
    public async Task A_user_of_exactly_1_MB_passes()
    {
        using var response = await gateway.Client.PostAsync(Users, Body(1 << 20));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(1 << 20, received.Bytes);
    }

    [Fact]
    public async Task A_longer_user_is_refused_by_its_length_and_the_limit_is_named()
    {
        using var response = await gateway.Client.PostAsync(Users, Body((1 << 20) + 1));
        Assert.Contains("1 MB", await ErrorBody.ScimDetailAsync(response, HttpStatusCode.RequestEntityTooLarge), StringComparison.Ordinal);
        Assert.Empty(directory.Requests);
    }

    [Fact]
    public async Task A_longer_user_without_a_length_is_refused_while_it_streams()
    {
        using var response = await SendChunkedAsync(HttpMethod.Post, Users, Enumerable.Repeat(64 * 1024, 20));
        Assert.Contains("1 MB", await ErrorBody.ScimDetailAsync(response, HttpStatusCode.RequestEntityTooLarge), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", "")]
    [InlineData("PUT", "/42")]
    [InlineData("PATCH", "/42")]
    public async Task A_group_of_64_MB_passes(string method, string id)
    {
        using var response = await SendChunkedAsync(new HttpMethod(method), Groups + id, Enumerable.Repeat(1 << 20, 64));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(64 << 20, received.Bytes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_longer_group_is_refused_in_a_way_that_a_client_which_still_sends_can_read(bool withLength)
    {
        const int bytes = (64 << 20) + 1;
        using var response = withLength
            ? await gateway.Client.PatchAsync(Groups + "/42", Body(bytes))
            : await SendChunkedAsync(HttpMethod.Patch, Groups + "/42", Enumerable.Repeat(1 << 20, 80));
        Assert.Contains("64 MB", await ErrorBody.ScimDetailAsync(response, HttpStatusCode.RequestEntityTooLarge), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_group_is_passed_on_while_it_is_still_coming_and_has_no_total_time_limit()
    {
        using var content = new PushContent(async stream =>
        {
            const int partSize = 1 << 20;
            const int connectionBuffer = 64 * 1024;
            for (var part = 1; part <= 4; part++)
            {
                await stream.WriteAsync(new byte[partSize]);
                await stream.FlushAsync();
                var expected = (part * partSize) - connectionBuffer;
                // Only once the service has this part does the next leave the client: a gateway that buffers would hang here.
                await Eventually.TrueAsync("the part at the service", () => Task.FromResult(received.Bytes >= expected));
                await Task.Delay(TimeSpan.FromMilliseconds(400)); // in sum more than the activity timeout of 1 s
            }
        });
        using var response = await gateway.Client.PostAsync(Groups, content);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_compressed_body_is_refused_because_it_would_pass_under_the_limit()
    {
        var content = Body(10);
        content.Headers.ContentEncoding.Add("gzip");
        using var response = await gateway.Client.PostAsync(Users, content);
        await ErrorBody.ScimDetailAsync(response, HttpStatusCode.UnsupportedMediaType);
        Assert.Equal("identity", Assert.Single(response.Headers.GetValues("Accept-Encoding")));
    }

    [Theory]
    [InlineData("application/scim+json; charset=utf-8", HttpStatusCode.OK)]
    [InlineData("application/json", HttpStatusCode.OK)]
    [InlineData("Application/SCIM+JSON", HttpStatusCode.OK)]
    [InlineData("application/xml", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("text/plain", HttpStatusCode.UnsupportedMediaType)]
    public async Task SCIM_bodies_are_JSON(string contentType, HttpStatusCode expected)
    {
        var content = new ByteArrayContent("{}"u8.ToArray());
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        using var response = await gateway.Client.PostAsync(Users, content);
        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task Under_api_a_body_that_is_too_long_is_a_problem()
    {
        using var response = await gateway.Client.PostAsync("/api/v1/directories", Body((1 << 20) + 1));
        Assert.Contains("1 MB", await ErrorBody.ProblemDetailAsync(response, HttpStatusCode.RequestEntityTooLarge), StringComparison.Ordinal);
    }

    private static ByteArrayContent Body(int bytes)
    {
        var content = new ByteArrayContent(Encoding.ASCII.GetBytes(new string(' ', bytes)));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/scim+json");
        return content;
    }

    private Task<HttpResponseMessage> SendChunkedAsync(HttpMethod method, string path, IEnumerable<int> parts)
    {
        var request = new HttpRequestMessage(method, path)
        {
            Content = new PushContent(async stream =>
            {
                foreach (var bytes in parts) await stream.WriteAsync(new byte[bytes]);
            }),
        };
        return gateway.Client.SendAsync(request);
    }

    /// <summary>A body without a length, written as the test says.</summary>
    private sealed class PushContent : HttpContent
    {
        private readonly Func<Stream, Task> write;

        public PushContent(Func<Stream, Task> write)
        {
            this.write = write;
            Headers.ContentType = new MediaTypeHeaderValue("application/scim+json");
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => write(stream);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    private sealed class Received
    {
        private long bytes;

        public long Bytes => Interlocked.Read(ref bytes);

        public async Task ReadAsync(Stream body)
        {
            var buffer = new byte[64 * 1024];
            while (await body.ReadAsync(buffer) is var read and > 0) Interlocked.Add(ref bytes, read);
        }
    }
}
