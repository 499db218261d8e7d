using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Contracts;
using Contracts.Events.V1;
using Contracts.State.V1;

namespace ServiceDefaults.DirectoryState;

/// <summary>
/// HTTP client of the directory service's internal API. A call is for one account: that of the admin's access token, which is
/// passed on. The token is checked when a stream begins, so a stream may last longer than the token's ten minutes.
/// </summary>
public sealed class DirectoryStateClient(HttpClient client)
{
    /// <summary>Streams the account's state as facts, from one snapshot of the directory's database.</summary>
    /// <exception cref="InvalidDataException">The stream ended early, so the state is incomplete.</exception>
    /// <exception cref="HttpRequestException">The directory service did not answer, or refused.</exception>
    public async IAsyncEnumerable<IFact> ReadStateAsync(string accessToken, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var request = Get("/internal/v1/state", accessToken);
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        response.EnsureSuccessStatusCode();
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var read = 0L;
        await foreach (var line in JsonSerializer.DeserializeAsyncEnumerable(body, ContractsJsonContext.Default.StateLine, topLevelValues: true, cancellationToken))
        {
            if (line?.End is { } lines)
            {
                if (lines != read) throw new InvalidDataException($"The state feed says that it has {lines} lines; {read} were read.");
                yield break;
            }
            read++;
            yield return (IFact?)line?.Directory ?? (IFact?)line?.User ?? (IFact?)line?.Group ?? line?.Members
                ?? throw new InvalidDataException($"Line {read} of the state feed tells nothing that this version knows.");
        }
        throw new InvalidDataException($"The state feed broke off after {read} lines.");
    }

    /// <exception cref="HttpRequestException">The directory service did not answer, or refused.</exception>
    public async Task<Backlog> BacklogAsync(string accessToken, CancellationToken cancellationToken)
    {
        using var request = Get("/internal/v1/backlog", accessToken);
        using var response = await client.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync(ContractsJsonContext.Default.Backlog, cancellationToken))!;
    }

    private static HttpRequestMessage Get(string path, string accessToken) => new(HttpMethod.Get, new Uri(path, UriKind.Relative))
    {
        Headers = { Authorization = new AuthenticationHeaderValue("Bearer", accessToken) },
    };
}
