using IdpSimulator.Providers;
using IdpSimulator.Providers.Entra;
using IdpSimulator.Providers.Okta;
using IdpSimulator.Providers.Rfc;
using IdpSimulator.Wire;

namespace IdpSimulator.Cli;

/// <summary>A provider in one of its ways to write.</summary>
/// <param name="Name">Part of every name of its tenants.</param>
/// <param name="Provider">As the command line says it.</param>
/// <param name="Directory">As the service names such directories.</param>
/// <param name="Story">The file in Stories/Data with the life of a whole tenant.</param>
/// <param name="NewId">Makes ids in the provider's form.</param>
/// <param name="Connect">To a directory.</param>
internal sealed record ProviderVariant(string Name, string Provider, string Directory, string Story, Func<string> NewId, Func<Uri, string, Recorder, Pace, IProvisioningClient> Connect)
{
    public static IReadOnlyList<ProviderVariant> All { get; } =
    [
        Entra("entra-default", EntraDialect.Default),
        Entra("entra-optscim2020", EntraDialect.Optscim2020),
        Okta("okta-put", OktaAppKind.Put),
        Okta("okta-patch", OktaAppKind.PutAndPatch),
        Rfc("onelogin", "OneLogin", RfcStyle.OneLogin),
        Rfc("jumpcloud", "Generic", RfcStyle.JumpCloud),
        Rfc("dts", "Dts", RfcStyle.Dts),
    ];

    private static ProviderVariant Entra(string name, EntraDialect dialect) => new(name, "entra", "EntraId", "entra", EntraClient.NewId,
        (baseUrl, token, recorder, pace) => new EntraClient(baseUrl, token, dialect, recorder, pace));

    private static ProviderVariant Okta(string name, OktaAppKind kind) => new(name, "okta", "Okta", "okta", OktaClient.NewId,
        (baseUrl, token, recorder, pace) => new OktaClient(baseUrl, token, kind, recorder, pace));

    private static ProviderVariant Rfc(string name, string directory, RfcStyle style) => new(name, name, directory, "rfc", RfcClient.NewId,
        (baseUrl, token, recorder, pace) => new RfcClient(baseUrl, token, style, recorder, pace));
}
