using IdpSimulator.Providers;
using IdpSimulator.Wire;

namespace IdpSimulator.Cli;

/// <summary>A variant of a provider, on one directory.</summary>
internal sealed record VariantPlayer(string Name, Func<string> NewId, Func<Recorder, IProvisioningClient> Connect)
{
    /// <summary>For the first days, each on a directory that there is.</summary>
    /// <exception cref="UsageException">There is no directory to play on.</exception>
    public static async Task<IReadOnlyList<VariantPlayer>> ChooseAsync(Options options, CancellationToken cancellationToken)
    {
        var directories = await DirectoriesAsync(options, cancellationToken);
        var pace = options.Pace();
        return [.. options.Variants().Select(variant =>
        {
            var (baseUrl, token) = directories(variant.Directory);
            return new VariantPlayer(variant.Name, variant.NewId, recorder => variant.Connect(baseUrl, token, recorder, pace));
        })];
    }

    private static async Task<Func<string, (Uri, string)>> DirectoriesAsync(Options options, CancellationToken cancellationToken)
    {
        if (options is { BaseUrl: { } url, Token: { } token }) return _ => (url, token);
        var (file, endpoints) = await SystemEndpoints.OfAsync(options, cancellationToken);
        return provider => endpoints.Directories.FirstOrDefault(directory => directory.Provider == provider) is { } found
            ? (found.BaseUrl, found.Token)
            : throw new UsageException($"{file} has no directory of provider {provider}. Create one (POST /api/v1/directories) and name it with --base-url and --token.");
    }
}
