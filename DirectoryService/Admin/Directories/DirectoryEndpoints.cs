using System.Security.Claims;
using DirectoryService.Admin.Access;
using DirectoryService.Events;
using DirectoryService.Scim;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Npgsql;
using ServiceDefaults.Access;
using ServiceDefaults.OpenApi;

namespace DirectoryService.Admin.Directories;

/// <summary><c>/api/v1/directories</c> and their SCIM tokens.</summary>
internal static class DirectoryEndpoints
{
    private const int MaxName = 200;
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromDays(365);

    internal sealed record Shown(Guid Id, string Name, string Provider, string ConflictRule, bool LookupReleases, string UnknownMembers,
        DirectoryAlertLimits.Shown AlertLimits, string BaseUrl, DateTimeOffset CreatedAt);
    /// <summary>The members that are sent change; what a directory is made for (<c>provider</c>) stays.</summary>
    internal sealed record Settings(string? Name = null, string? ConflictRule = null, bool? LookupReleases = null, string? UnknownMembers = null)
    {
        /// <summary>From when on many deactivations are an alert: its members that are sent change, null is the default; null for all of it too.</summary>
        public DirectoryAlertLimits? AlertLimits { get; init { field = value; ClearsAlertLimits = value is null; } }

        internal bool ClearsAlertLimits { get; private init; }
    }
    internal sealed record Created(Guid Id, string Name, string Provider, string BaseUrl, string Token, DateTimeOffset TokenExpiresAt);
    /// <summary>Settings that are left out are as the provider needs them.</summary>
    internal sealed record NewDirectory(
        string? Name, string? Provider, string? ConflictRule = null, bool? LookupReleases = null, string? UnknownMembers = null,
        DirectoryAlertLimits? AlertLimits = null);
    internal sealed record NewToken(string KeyId, string Token, DateTimeOffset ExpiresAt);

    internal static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/directories", ListAsync).WithSummary("The account's SCIM directories");
        api.MapPost("/directories", CreateAsync).RequireAuthorization(AccessPolicy.Write)
            .WithSummary("Makes a directory, with its first token; the token is shown once").WithReasons("nameTaken");
        api.MapGet("/directories/{id:guid}", GetAsync).WithSummary("One directory");
        api.MapPatch("/directories/{id:guid}", UpdateAsync).RequireAuthorization(AccessPolicy.Write)
            .WithSummary("Changes settings of a directory").WithReasons("nameTaken", "changedMeanwhile");
        api.MapDelete("/directories/{id:guid}", DeleteAsync).RequireAuthorization(AccessPolicy.Write)
            .WithSummary("Deletes a directory; its users and groups stay").WithReasons("usedByUserAuthentication", "changedMeanwhile");
        api.MapGet("/directories/{id:guid}/tokens", ListTokensAsync).WithSummary("The directory's live SCIM tokens, without their secrets");
        api.MapPost("/directories/{id:guid}/tokens", CreateTokenAsync).RequireAuthorization(AccessPolicy.Write)
            .WithSummary("Makes a SCIM token; it is shown once").WithReasons("twoTokens");
        api.MapDelete("/directories/{id:guid}/tokens/{keyId}", RevokeTokenAsync).RequireAuthorization(AccessPolicy.Write)
            .WithSummary("Revokes a SCIM token");
    }

    private static async Task<Ok<Items<Shown>>> ListAsync(ClaimsPrincipal admin, HttpRequest request, DirectoryTable directories, IOptions<MassDeactivationOptions> defaults, CancellationToken cancellationToken)
    {
        var rows = await directories.ListAsync(admin.AccountId(), cancellationToken);
        return TypedResults.Ok(new Items<Shown>([.. rows.Select(row => Show(row, request, defaults.Value))]));
    }

    private static async Task<Results<Ok<Shown>, ProblemHttpResult>> GetAsync(
        Guid id, ClaimsPrincipal admin, HttpRequest request, DirectoryTable directories, IOptions<MassDeactivationOptions> defaults, CancellationToken cancellationToken) =>
        await directories.FindAsync(admin.AccountId(), id, cancellationToken) is { } row ? TypedResults.Ok(Show(row, request, defaults.Value)) : NoSuch(id);

    private static async Task<Results<Created<Created>, ProblemHttpResult>> CreateAsync(
        NewDirectory asked, ClaimsPrincipal admin, HttpRequest request, DirectoryTable directories, TimeProvider clock, CancellationToken cancellationToken)
    {
        if ((AdminNameRules.FindError("name", asked.Name, MaxName) ?? BadSetting(asked.ConflictRule, asked.UnknownMembers, asked.AlertLimits)) is { } fault) return AdminProblem.Invalid(fault);
        if (Provider.Find(asked.Provider) is not { } provider)
            return AdminProblem.Invalid($"\"provider\" must be one of {string.Join(", ", Provider.All.Select(known => known.Name))}.");
        var now = Clock.Now(clock);
        var row = new DirectoryRow(
            Guid.NewGuid(), admin.AccountId(), asked.Name!.Trim(), provider.Name, asked.ConflictRule ?? DirectoryTable.RuleName(provider.Rule),
            asked.LookupReleases ?? provider.LookupReleases, asked.UnknownMembers ?? "refuse", 1, now)
        {
            AlertLimits = asked.AlertLimits?.Over(AlertLimits.Default) ?? AlertLimits.Default,
        };
        var (token, shown) = Secret.Create(Secret.Scim);
        if (!await directories.InsertAsync(row, token, now + TokenLifetime, admin.TracedActor(), cancellationToken))
            return AdminProblem.Conflict($"There is a directory named '{row.Name}' already; choose another name.", "nameTaken");
        var baseUrl = PublicBaseUrl.ScimBase(request, row.AccountId, row.Id);
        return TypedResults.Created($"/api/v1/directories/{row.Id}", new Created(row.Id, row.Name, row.Provider, baseUrl, shown, now + TokenLifetime));
    }

    /// <summary>Changes what is named in the body: JSON merge, absent members stay.</summary>
    private static async Task<Results<Ok<Shown>, ProblemHttpResult>> UpdateAsync(
        Guid id, Settings asked, ClaimsPrincipal admin, HttpRequest request, DirectoryTable directories, IOptions<MassDeactivationOptions> defaults, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (((asked.Name is { } name ? AdminNameRules.FindError("name", name, MaxName) : null) ?? BadSetting(asked.ConflictRule, asked.UnknownMembers, asked.AlertLimits)) is { } fault)
            return AdminProblem.Invalid(fault);
        if (await directories.FindAsync(admin.AccountId(), id, cancellationToken) is not { } before) return NoSuch(id);
        var after = before with
        {
            Name = asked.Name?.Trim() ?? before.Name,
            Rule = asked.ConflictRule ?? before.Rule,
            LookupReleases = asked.LookupReleases ?? before.LookupReleases,
            UnknownMembers = asked.UnknownMembers ?? before.UnknownMembers,
            AlertLimits = asked.ClearsAlertLimits ? AlertLimits.Default : asked.AlertLimits?.Over(before.AlertLimits) ?? before.AlertLimits,
        };
        if (after == before) return TypedResults.Ok(Show(before, request, defaults.Value));
        return await directories.UpdateAsync(after, admin.TracedActor(), Clock.Now(clock), cancellationToken) switch
        {
            DirectoryTable.Outcome.Done => TypedResults.Ok(Show(after, request, defaults.Value)),
            DirectoryTable.Outcome.NoSuchDirectory => NoSuch(id),
            DirectoryTable.Outcome.NameTaken => AdminProblem.Conflict($"There is a directory named '{after.Name}' already; choose another name.", "nameTaken"),
            DirectoryTable.Outcome.ChangedMeanwhile => Meanwhile(),
        };
    }

    private static string? BadSetting(string? conflictRule, string? unknownMembers, DirectoryAlertLimits? alertLimits) =>
        conflictRule is not (null or "preserve" or "override") ? "\"conflictRule\" must be preserve or override."
        : unknownMembers is not (null or "refuse" or "skip") ? "\"unknownMembers\" must be refuse or skip."
        : alertLimits?.Fault();

    private static ProblemHttpResult Meanwhile() => AdminProblem.Conflict("Somebody else changed this directory meanwhile. Look at it again and repeat the change.", "changedMeanwhile");

    /// <summary>
    /// Its tokens die with it; its users and groups stay as they are, still active and still licensed, until an admin acts.
    /// </summary>
    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        Guid id, ClaimsPrincipal admin, DirectoryTable directories, NpgsqlDataSource db, TimeProvider clock, CancellationToken cancellationToken)
    {
        try
        {
            return await directories.DeleteAsync(admin.AccountId(), id, admin.TracedActor(), Clock.Now(clock), cancellationToken) switch
            {
                DirectoryTable.Outcome.Done => TypedResults.NoContent(),
                DirectoryTable.Outcome.NoSuchDirectory => NoSuch(id),
                DirectoryTable.Outcome.NameTaken or DirectoryTable.Outcome.ChangedMeanwhile => Meanwhile(),
            };
        }
        catch (PostgresException error) when (error.ConstraintName == UserAuthenticationEndpoints.Constraint)
        {
            var configuration = await UserAuthenticationEndpoints.FindAsync(db, admin.AccountId(), cancellationToken);
            return AdminProblem.Conflict(
                $"Single sign-on user authentication '{configuration?.Name}' uses this directory. Take it out of that configuration first.", "usedByUserAuthentication");
        }
    }

    private static async Task<Results<Ok<Items<ScimTokenTable.Listed>>, ProblemHttpResult>> ListTokensAsync(
        Guid id, ClaimsPrincipal admin, DirectoryTable directories, ScimTokenTable tokens, CancellationToken cancellationToken)
    {
        if (await directories.FindAsync(admin.AccountId(), id, cancellationToken) is null) return NoSuch(id);
        return TypedResults.Ok(new Items<ScimTokenTable.Listed>(await tokens.ListAsync(admin.AccountId(), id, cancellationToken)));
    }

    private static async Task<Results<Created<NewToken>, ProblemHttpResult>> CreateTokenAsync(
        Guid id, ClaimsPrincipal admin, DirectoryTable directories, ScimTokenTable tokens, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await directories.FindAsync(admin.AccountId(), id, cancellationToken) is null) return NoSuch(id);
        var now = Clock.Now(clock);
        var (token, shown) = Secret.Create(Secret.Scim);
        return await tokens.InsertAsync(admin.AccountId(), id, token, now, now + TokenLifetime, cancellationToken)
            ? TypedResults.Created($"/api/v1/directories/{id}/tokens/{token.KeyId}", new NewToken(token.KeyId, shown, now + TokenLifetime))
            : AdminProblem.Conflict("The directory has two tokens already. Revoke the one that the identity provider no longer uses, then make a new one.", "twoTokens");
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RevokeTokenAsync(
        Guid id, string keyId, ClaimsPrincipal admin, ScimTokenTable tokens, TimeProvider clock, CancellationToken cancellationToken) =>
        await tokens.RevokeAsync(admin.AccountId(), id, keyId, Clock.Now(clock), cancellationToken)
            ? TypedResults.NoContent()
            : AdminProblem.NotFound($"The directory has no live token {keyId}.");

    private static Shown Show(DirectoryRow row, HttpRequest request, MassDeactivationOptions defaults) => new(
        row.Id, row.Name, row.Provider, row.Rule, row.LookupReleases, row.UnknownMembers, DirectoryAlertLimits.Shown.Of(row.AlertLimits, defaults), PublicBaseUrl.ScimBase(request, row.AccountId, row.Id), row.CreatedAt);

    private static ProblemHttpResult NoSuch(Guid id) => AdminProblem.NotFound($"There is no directory {id} in this account.");
}
