using System.Net.Http.Headers;
using System.Net.Http.Json;
using Contracts;
using Contracts.Events.V1;
using Contracts.State.V1;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Npgsql;
using ServiceDefaults.Access;
using ServiceDefaults.Messaging;
using ServiceDefaults.Projections;
using ServiceDefaults.Storage;

namespace ServiceDefaults.DirectoryState;

/// <summary>
/// Read-your-writes: an answer about a single user, group or directory includes every change that the directory has
/// acknowledged, even if its fact has not arrived yet.
/// <code>
/// stored state ─► POST /internal/v1/state ─► newer facts ─► FactApplier, as if they had arrived ─► the answer
///                              │ the directory does not answer
///                              └─► a refusal waits for the fact (FactArrivalSignal) and is not final; a read answers upToDate: false
/// </code>
/// Facts are order-blind, so the same facts change nothing when they arrive later.
/// </summary>
public sealed partial class ReadYourWrites(
    IHttpClientFactory clients, NpgsqlDataSource database, FactApplier applier, FactArrivalSignal arrivals, TimeProvider clock, ILogger<ReadYourWrites> log)
{
    internal const string ClientName = "directory-state";

    /// <summary>Timeout of one try. A hanging directory must not delay answers that are possible without it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Number of tries; each may reach another replica.</summary>
    private const int Tries = 2;

    private long notBefore;

    /// <summary>
    /// Ensures that the stored state of the user and its groups is at least as new as the directory's state when this was
    /// called.
    /// </summary>
    /// <returns>False when the directory could not be asked.</returns>
    public async Task<bool> EnsureUserIsCurrentAsync(HttpContext caller, Guid user, CancellationToken cancellationToken) =>
        await CatchUpAsync(caller, new StateQuery { Users = [user], Memberships = true }, cancellationToken) is not null;

    /// <summary>The same for the subjects of a query: groups, directories or users themselves.</summary>
    public async Task<bool> EnsureIsCurrentAsync(HttpContext caller, StateQuery query, CancellationToken cancellationToken) =>
        await CatchUpAsync(caller, query, cancellationToken) is not null;

    /// <summary>
    /// Asks until the answer is <paramref name="enough"/>: first by the stored state, then by the directory's current state. If
    /// the directory cannot be asked, it waits for arriving facts, at most <see cref="FactArrivalSignal.Grace"/>.
    /// </summary>
    /// <param name="ask">Computes the answer. Its argument says whether the answer is final; only a final refusal may be recorded.</param>
    /// <returns>The last answer and whether it is final. If it is not, the client should retry.</returns>
    public async Task<(T Answer, bool Final)> DecideAsync<T>(
        HttpContext caller, StateQuery about, Func<bool, CancellationToken, Task<T>> ask, Func<T, bool> enough, CancellationToken cancellationToken)
    {
        var answer = await ask(false, cancellationToken);
        if (enough(answer)) return (answer, true);
        if (await CatchUpAsync(caller, about, cancellationToken) is not null) return (await ask(true, cancellationToken), true);
        answer = await arrivals.AwaitAsync(
            [.. about.Users, .. about.Groups, .. about.Directories], cancellation => ask(false, cancellation), enough, cancellationToken);
        return (answer, enough(answer));
    }

    /// <summary>The number of newer facts that were applied; null when the directory could not be asked.</summary>
    private async Task<int?> CatchUpAsync(HttpContext caller, StateQuery query, CancellationToken cancellationToken)
    {
        var account = caller.User.AccountId();
        var known = query.Memberships ? await KnownAsync(account, query.Users.Single(), cancellationToken) : StoredUserState.Nothing;
        if (await AskAsync(query with { Groups = [.. query.Groups, .. known.Groups.Keys] }, caller.AccessToken(), cancellationToken) is not { } told) return null;
        var news = query.Memberships ? told.FindAll(known.IsOlderThan) : told;
        if (news.Count > 0) await applier.ApplyAsync(news, cancellationToken);
        return news.Count;
    }

    private async Task<List<IFact>?> AskAsync(StateQuery query, string accessToken, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= Tries && Interlocked.Read(ref notBefore) <= clock.GetTimestamp(); attempt++)
        {
            using var patience = new CancellationTokenSource(Patience, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
            try
            {
                using var client = clients.CreateClient(ClientName);
                using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/internal/v1/state", UriKind.Relative))
                {
                    Content = JsonContent.Create(query, ContractsJsonContext.Default.StateQuery),
                    Headers = { Authorization = new AuthenticationHeaderValue("Bearer", accessToken) },
                };
                using var response = await client.SendAsync(request, either.Token);
                response.EnsureSuccessStatusCode();
                return (await response.Content.ReadFromJsonAsync(ContractsJsonContext.Default.FactBatch, either.Token))!.Facts();
            }
            catch (Exception error) when (error is HttpRequestException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                LogAway(error.Message);
                // After a timeout the directory is not asked for the same time, so that not every request waits for it.
                if (error is OperationCanceledException) Interlocked.Exchange(ref notBefore, clock.GetTimestamp() + (long)(Patience.TotalSeconds * clock.TimestampFrequency));
            }
        }
        return null;
    }

    private async Task<StoredUserState> KnownAsync(Guid account, Guid user, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(SqlStatement.Of("SELECT version FROM users WHERE account_id = $1 AND user_id = $2", account, user));
        batch.BatchCommands.Add(SqlStatement.Of(
            """
            SELECT e.group_id, e.group_scim_id, g.scim_id, g.status, g.display_name
            FROM users u JOIN edges e ON e.account_id = u.account_id AND e.user_scim_id = u.scim_id AND e.present
            LEFT JOIN groups g ON g.account_id = e.account_id AND g.group_id = e.group_id
            WHERE u.account_id = $1 AND u.user_id = $2
            """,
            account, user));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var version = await reader.ReadAsync(cancellationToken) ? reader.GetInt64(0) : 0;
        await reader.NextResultAsync(cancellationToken);
        var groups = new Dictionary<Guid, StoredGroupState>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var group = groups.GetValueOrDefault(reader.GetGuid(0)) ?? new StoredGroupState(
                reader.IsDBNull(2) ? null : reader.GetGuid(2), reader.IsDBNull(3) ? null : reader.GetString(3), reader.IsDBNull(4) ? null : reader.GetString(4), []);
            group.MemberOf.Add(reader.GetGuid(1));
            groups[reader.GetGuid(0)] = group;
        }
        return new StoredUserState(version, groups);
    }

    [LoggerMessage(LogLevel.Warning, "The directory could not be asked how things stand now: {Why}")]
    private partial void LogAway(string why);
}
