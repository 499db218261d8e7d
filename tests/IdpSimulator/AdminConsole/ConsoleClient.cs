using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using IdpSimulator.Expectations;
using IdpSimulator.Wire;

namespace IdpSimulator.AdminConsole;

/// <summary>An admin at the console, by the admin API: what the tenant's provider knows nothing of.</summary>
internal sealed class ConsoleClient : IDisposable
{
    private const string Product = "ZTNA";
    private static readonly ConsoleJson Json = ConsoleJson.Default;
    private readonly HttpClient client;
    private readonly Recorder recorder;
    private readonly Pace pace;

    public ConsoleClient(Uri gateway, string apiKey, Recorder recorder, Pace pace)
    {
        client = new HttpClient { BaseAddress = gateway, Timeout = TimeSpan.FromSeconds(60) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        this.recorder = recorder;
        this.pace = pace;
    }

    public async Task<MadeDirectory> CreateDirectoryAsync(string name, string provider, CancellationToken cancellationToken) =>
        (await SendAsync(HttpMethod.Post, "directories", Body(new(name, provider), Json.NewDirectory), Json.MadeDirectory, [HttpStatusCode.Created], cancellationToken))!;

    public Task<IReadOnlyList<ConsoleUser>> UsersAsync(Guid directory, CancellationToken cancellationToken) =>
        PagesAsync($"users?directory={directory}&limit=200", Json.ConsolePageConsoleUser, cancellationToken);

    public Task<IReadOnlyList<ConsoleGroup>> GroupsAsync(Guid directory, CancellationToken cancellationToken) =>
        PagesAsync($"groups?directory={directory}&limit=200", Json.ConsolePageConsoleGroup, cancellationToken);

    /// <returns>The status afterwards.</returns>
    public async Task<string> ActOnUserAsync(Guid user, ConsoleAction action, CancellationToken cancellationToken) =>
        (await SendAsync(HttpMethod.Post, $"users/{user}/{Word(action)}", null, Json.ConsoleDone, [HttpStatusCode.OK], cancellationToken))!.Status;

    /// <returns>The status afterwards.</returns>
    public async Task<string> ActOnGroupAsync(Guid group, ConsoleAction action, CancellationToken cancellationToken) =>
        (await SendAsync(HttpMethod.Post, $"groups/{group}/{Word(action)}", null, Json.ConsoleDone, [HttpStatusCode.OK], cancellationToken))!.Status;

    /// <summary>The account's pool, with at least so many seats that are free and not kept back by a hold.</summary>
    public async Task<Guid> PoolAsync(int free, CancellationToken cancellationToken)
    {
        var pools = await SendAsync(HttpMethod.Get, "licenses/pools", null, Json.ConsolePageLicensePool, [HttpStatusCode.OK], cancellationToken);
        if (pools!.Items is not [var pool, ..])
            pool = (await SendAsync(HttpMethod.Post, "licenses/pools", Body(new(Product, free), Json.NewPool), Json.LicensePool, [HttpStatusCode.Created], cancellationToken))!;
        if (pool.Free - pool.Held < free)
            await SendAsync(HttpMethod.Put, $"licenses/pools/{pool.Id}", Body(new(pool.Seats + pool.Held + free), Json.PoolSize), Json.LicensePool, [HttpStatusCode.OK], cancellationToken);
        return pool.Id;
    }

    /// <returns>False when the license service refuses: it may not know yet that the user is active.</returns>
    public async Task<bool> AssignLicenseAsync(Guid pool, Guid user, CancellationToken cancellationToken) =>
        await SendAsync(HttpMethod.Post, $"licenses/pools/{pool}/assignments/{user}", null, Json.LicenseHolder,
            [HttpStatusCode.Created, HttpStatusCode.OK, HttpStatusCode.Conflict], cancellationToken) is not null;

    public async Task<IReadOnlyList<Guid>> HoldersAsync(Guid pool, CancellationToken cancellationToken) =>
        [.. (await PagesAsync($"licenses/pools/{pool}/assignments?limit=1000", Json.ConsolePageLicenseHolder, cancellationToken)).Select(holder => holder.UserId)];

    public async Task<Guid> CreatePolicyAsync(string name, Guid group, CancellationToken cancellationToken) =>
        (await SendAsync(HttpMethod.Post, "policies", Body(new(name, [group]), Json.NewPolicy), Json.Made, [HttpStatusCode.Created], cancellationToken))!.Id;

    public async Task<IReadOnlyList<Guid>> PolicyMembersAsync(Guid policy, CancellationToken cancellationToken) =>
        [.. (await PagesAsync($"policies/{policy}/members?limit=1000", Json.ConsolePagePolicyMember, cancellationToken)).Select(member => member.UserId)];

    private async Task<IReadOnlyList<T>> PagesAsync<T>(string target, JsonTypeInfo<ConsolePage<T>> type, CancellationToken cancellationToken)
    {
        var items = new List<T>();
        for (string? next = ""; next is not null;)
        {
            var page = await SendAsync(HttpMethod.Get, next.Length == 0 ? target : $"{target}&after={next}", null, type, [HttpStatusCode.OK], cancellationToken);
            items.AddRange(page!.Items);
            next = page.Next;
        }
        return items;
    }

    /// <returns>Null for a 409 that was among the expected.</returns>
    private async Task<T?> SendAsync<T>(
        HttpMethod method, string target, HttpContent? body, JsonTypeInfo<T> type, HttpStatusCode[] expected, CancellationToken cancellationToken) where T : class
    {
        await pace.TurnAsync(cancellationToken);
        var path = "/api/v1/" + target;
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = body };
        var watch = Stopwatch.StartNew();
        using var response = await client.SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        recorder.Add(new Exchange(method.Method, PersonalData.Shorten(path), response.StatusCode, watch.Elapsed));
        if (!expected.Contains(response.StatusCode))
            throw new UnexpectedAnswerException($"{method} {PersonalData.Shorten(path)}", string.Join(" or ", expected.Select(status => (int)status)), $"{(int)response.StatusCode}: {Detail(text)}");
        return response.StatusCode == HttpStatusCode.Conflict ? null : JsonSerializer.Deserialize(text, type);
    }

    private static string Detail(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, Json.ConsoleProblem)?.Detail ?? "(no detail)";
        }
        catch (JsonException)
        {
            return "a body that is no JSON";
        }
    }

    private static JsonContent Body<T>(T body, JsonTypeInfo<T> type) => JsonContent.Create(body, type);

    private static string Word(ConsoleAction action) => action switch
    {
        ConsoleAction.Enable => "enable",
        ConsoleAction.Disable => "disable",
        ConsoleAction.Delete => "delete",
        ConsoleAction.Restore => "restore",
        ConsoleAction.Purge => "purge",
    };

    public void Dispose() => client.Dispose();
}
