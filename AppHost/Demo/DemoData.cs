namespace AppHost.Demo;

/// <summary>
/// Creates what is missing of the demo account: one directory with a token for each provider, and a license pool, three users, their
/// group and the rule that gives its members seats. What exists stays unchanged.
/// </summary>
internal sealed class DemoData(DemoAdminClient api)
{
    private const string Product = "ZTNA";
    private const int Seats = 25;
    private const string Group = "Field staff";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private static readonly (string Name, string Address)[] FieldStaff =
        [("Grace Hopper", "grace@field.example"), ("Katherine Johnson", "katherine@field.example"), ("Radia Perlman", "radia@field.example")];

    private static readonly (string Provider, string Name)[] Wanted =
        [("EntraId", "Entra ID"), ("Okta", "Okta"), ("OneLogin", "OneLogin"), ("Dts", "DTS Identity"), ("Generic", "Generic SCIM")];

    /// <summary>Ensures one directory per provider with a working token. A token of an earlier start is reused while it works.</summary>
    /// <param name="kept">Directories and tokens of an earlier start.</param>
    internal async Task<IReadOnlyList<DirectoryEndpoint>> EnsureDirectoriesAsync(
        IReadOnlyList<DirectoryEndpoint> kept, Func<string, string> onThisGateway, CancellationToken cancellationToken)
    {
        var existing = await api.DirectoriesAsync(cancellationToken);
        var directories = new List<DirectoryEndpoint>(Wanted.Length);
        foreach (var (provider, name) in Wanted)
        {
            // The account may have several directories of a provider; the one with a known token is the demo's.
            var candidates = existing.Where(directory => directory.Provider == provider).ToList();
            var known = kept.FirstOrDefault(entry => candidates.Exists(candidate => candidate.Id == entry.Id));
            var mine = candidates.Find(candidate => candidate.Id == known?.Id) ?? candidates.Find(candidate => candidate.Name == name);
            directories.Add(mine is null
                ? Entry(await api.CreateDirectoryAsync(name, provider, cancellationToken))
                : await WithTokenAsync(mine, known?.Token, cancellationToken));
        }

        return directories;

        DirectoryEndpoint Entry(NewDirectory created) => new(created.Id, created.Name, created.Provider, onThisGateway(created.BaseUrl), created.Token);

        async Task<DirectoryEndpoint> WithTokenAsync(DirectoryItem directory, string? token, CancellationToken cancellation)
        {
            var entry = new DirectoryEndpoint(directory.Id, directory.Name, directory.Provider, onThisGateway(directory.BaseUrl), token ?? "");
            return token is not null && await api.AcceptsAsync(entry, cancellation) ? entry : entry with { Token = await NewTokenAsync(directory.Id, cancellation) };
        }
    }

    /// <summary>
    /// Ensures a pool, a user-defined group and a rule that gives its members seats, so that a new system shows licenses in
    /// use. Returns when the seats are allocated.
    /// </summary>
    internal async Task EnsureLicensesAsync(CancellationToken cancellationToken)
    {
        if ((await api.PoolsAsync(cancellationToken)).Count > 0) return;
        var pool = await api.CreatePoolAsync(Product, Seats, cancellationToken);
        var users = new List<Guid>(FieldStaff.Length);
        foreach (var (name, address) in FieldStaff) users.Add(await api.CreateUserAsync(address, name, cancellationToken));
        var group = await api.CreateGroupAsync(Group, users, cancellationToken);
        await api.CreateGroupRuleAsync(pool.Id, group, cancellationToken);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(Patience);
        while ((await api.PoolsAsync(bound.Token))[0].Used < users.Count) await Task.Delay(Pause, bound.Token);
    }

    /// <summary>Creates a token. A directory may have two live tokens; when both values are lost, the older one is revoked.</summary>
    private async Task<string> NewTokenAsync(Guid directory, CancellationToken cancellationToken)
    {
        const int alive = 2;
        var tokens = await api.TokensAsync(directory, cancellationToken);
        if (tokens.Count >= alive) await api.DeleteTokenAsync(directory, tokens[0].KeyId, cancellationToken);
        return (await api.CreateTokenAsync(directory, cancellationToken)).Token;
    }
}
