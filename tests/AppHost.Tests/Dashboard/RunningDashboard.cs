using System.Net.Http.Headers;
using LocalRuntime.Dashboard;

namespace AppHost.Tests.Dashboard;

/// <summary>A dashboard on a free port over a board that the test feeds.</summary>
internal sealed class RunningDashboard : IAsyncDisposable
{
    public const string Token = "the-token-of-this-test";
    public static readonly DateTimeOffset At = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);

    private readonly List<HttpClient> _clients = [];

    private RunningDashboard(ResourceBoard board, DashboardServer server) => (Board, Server) = (board, server);

    public ResourceBoard Board { get; }
    public DashboardServer Server { get; }

    public static async Task<RunningDashboard> StartAsync(ResourceBoard? board = null)
    {
        board ??= new ResourceBoard();
        return new(board, await DashboardServer.StartAsync(board, port: 0, Token, CancellationToken.None));
    }

    /// <summary>A client that does not sign in by itself and keeps no cookies.</summary>
    public HttpClient Stranger()
    {
        var client = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = Server.Address };
        _clients.Add(client);
        return client;
    }

    public HttpClient Owner()
    {
        var client = Stranger();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        return client;
    }

    /// <summary>A client with the cookie that a sign-in by the link gives.</summary>
    public async Task<HttpClient> SignedInAsync()
    {
        var client = Stranger();
        using var answer = await client.GetAsync(Server.LoginAddress);
        client.DefaultRequestHeaders.Add("Cookie", answer.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
        return client;
    }

    public static ResourceSnapshot Project(string name, ResourceState state = ResourceState.Running) =>
        new() { Name = name, Type = ResourceType.Project, State = state };

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients) client.Dispose();
        await Server.DisposeAsync();
    }
}
