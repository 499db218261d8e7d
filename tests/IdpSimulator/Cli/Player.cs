using IdpSimulator.Providers;
using IdpSimulator.Providers.Entra;
using IdpSimulator.Providers.Okta;
using IdpSimulator.Wire;

namespace IdpSimulator.Cli;

/// <summary>A provider in one of its variants, on one directory.</summary>
internal sealed record Player(string Name, Func<string> NewId, Func<Recorder, IProvisioningClient> Connect)
{
    /// <exception cref="UsageException">There is no directory to play on.</exception>
    public static async Task<IReadOnlyList<Player>> ChooseAsync(Options options, CancellationToken cancellationToken)
    {
        var directories = await DirectoriesAsync(options, cancellationToken);
        var players = new List<Player>();
        if (options.Entra) players.AddRange(Variants<EntraDialect>(options).Select(dialect => Entra(directories("EntraId"), dialect)));
        if (options.Okta) players.AddRange(Variants<OktaAppKind>(options).Select(kind => Okta(directories("Okta"), kind)));
        return players;
    }

    private static IEnumerable<T> Variants<T>(Options options) where T : struct, Enum =>
        Enum.GetValues<T>().Take(options.AllVariants ? int.MaxValue : 1);

    private static Player Entra((Uri BaseUrl, string Token) directory, EntraDialect dialect) => new(
        $"entra-{(dialect == EntraDialect.Default ? "default" : "optscim2020")}", EntraClient.NewId,
        recorder => new EntraClient(directory.BaseUrl, directory.Token, dialect, recorder));

    private static Player Okta((Uri BaseUrl, string Token) directory, OktaAppKind kind) => new(
        $"okta-{(kind == OktaAppKind.Put ? "put" : "patch")}", OktaClient.NewId,
        recorder => new OktaClient(directory.BaseUrl, directory.Token, kind, recorder));

    private static async Task<Func<string, (Uri, string)>> DirectoriesAsync(Options options, CancellationToken cancellationToken)
    {
        if (options is { BaseUrl: { } url, Token: { } token }) return _ => (url, token);
        var file = SystemEndpoints.Find(options.Endpoints, Environment.CurrentDirectory)
            ?? throw new UsageException("No .data/endpoints.json from here upward. Start the system with ./run, or name the file with --endpoints, or one directory with --base-url and --token.");
        if (!File.Exists(file)) throw new UsageException($"{file} does not exist. Start the system with ./run, which writes it.");
        var endpoints = await SystemEndpoints.ReadAsync(file, cancellationToken);
        return provider => endpoints.Directories.FirstOrDefault(directory => directory.Provider == provider) is { } found
            ? (found.BaseUrl, found.Token)
            : throw new UsageException($"{file} has no directory of provider {provider}. Create one (POST /api/v1/directories) and name it with --base-url and --token.");
    }
}
