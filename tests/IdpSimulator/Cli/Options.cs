using System.Globalization;
using IdpSimulator.Wire;

namespace IdpSimulator.Cli;

/// <summary>The command line.</summary>
internal sealed record Options
{
    public const string Help = """
        Plays identity providers over SCIM 2.0 against the running system, and compares at the end.

        IdpSimulator [options]
          --story first-days|whole-tenant
                                      a short walk on a directory that there is, or a whole tenant's life on a new one,
                                      with an admin at the console, licenses and policies (first-days)
          --provider entra|okta|all   who plays (all); a whole tenant also of onelogin, jumpcloud, dts
          --variants first|all        one PATCH dialect or kind of app per provider, or each of them (first)
          --users N --groups N        size of each tenant (20, 3; whole tenants 100, 10)
          --rps N                     at most so many requests a second (as many as are answered)
          --parallel N                so many users or groups at a time, in whole tenants (16)
          --run-id X                  part of every name, so that runs do not meet (random)
          --endpoints FILE            the system's endpoints.json (.data/endpoints.json upward from here,
                                      or what PROVISIONING_ENDPOINTS names)
          --base-url URL --token T    one directory instead; needs --provider entra or okta
          --quiet                     no line per request

        Exit code 0: every answer was as expected and the system agrees with the tenants; 1 otherwise; 2: wrong usage.
        """;

    private const string Every = "all";
    private const int LeastUsers = 20;
    private const int LeastGroups = 8;

    public string? Endpoints { get; init; }
    public Uri? BaseUrl { get; init; }
    public string? Token { get; init; }
    public string Provider { get; init; } = Every;
    public bool Entra => Provider is Every or "entra";
    public bool Okta => Provider is Every or "okta";
    public bool WholeTenant { get; init; }
    public bool AllVariants { get; init; }
    public int Users { get; init; }
    public int Groups { get; init; }
    public int RequestsPerSecond { get; init; }
    public int Parallel { get; init; } = 16;
    public string RunId { get; init; } = Guid.NewGuid().ToString("N")[..6];
    public bool Quiet { get; init; }

    /// <exception cref="UsageException">Says what is wrong.</exception>
    public static Options Parse(IReadOnlyList<string> arguments)
    {
        var options = new Options();
        for (var i = 0; i < arguments.Count; i++)
        {
            var name = arguments[i];
            options = name switch
            {
                "--endpoints" => options with { Endpoints = Value() },
                "--base-url" => options with { BaseUrl = Url(Value()) },
                "--token" => options with { Token = Value() },
                "--provider" => options with { Provider = Value() },
                "--story" => Value() switch
                {
                    "first-days" => options with { WholeTenant = false },
                    "whole-tenant" => options with { WholeTenant = true },
                    var other => throw new UsageException($"--story {other}: use first-days or whole-tenant."),
                },
                "--variants" => Value() switch
                {
                    "first" => options with { AllVariants = false },
                    "all" => options with { AllVariants = true },
                    var other => throw new UsageException($"--variants {other}: use first or all."),
                },
                "--users" => options with { Users = Number(Value(), 3) },
                "--groups" => options with { Groups = Number(Value(), 1) },
                "--rps" => options with { RequestsPerSecond = Number(Value(), 1) },
                "--parallel" => options with { Parallel = Number(Value(), 1) },
                "--run-id" => options with { RunId = Value() },
                "--quiet" => options with { Quiet = true },
                _ => throw new UsageException($"{name} is no option."),
            };

            string Value() => ++i < arguments.Count ? arguments[i] : throw new UsageException($"{name} needs a value.");
            int Number(string text, int least) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least
                ? number
                : throw new UsageException($"{name} {text}: use a number of at least {least}.");
        }
        return Checked(options);
    }

    public Pace Pace() => new(RequestsPerSecond);

    /// <summary>Who plays, in the order of play.</summary>
    public IReadOnlyList<ProviderVariant> Variants() =>
    [
        .. ProviderVariant.All.Where(variant => Provider == variant.Provider || (Provider == Every && (WholeTenant || Playable(variant.Provider))))
            .GroupBy(variant => variant.Provider).SelectMany(variants => variants.Take(AllVariants ? int.MaxValue : 1)),
    ];

    private static bool Playable(string provider) => provider is "entra" or "okta";

    private static Options Checked(Options options)
    {
        if (options.Provider != Every && ProviderVariant.All.All(variant => variant.Provider != options.Provider))
            throw new UsageException($"--provider {options.Provider}: use entra, okta or all; with --story whole-tenant also onelogin, jumpcloud or dts.");
        if (!options.WholeTenant && options.Provider != Every && !Playable(options.Provider))
            throw new UsageException($"--provider {options.Provider}: its first days are not written; say --story whole-tenant.");
        if (options.BaseUrl is null != (options.Token is null)) throw new UsageException("--base-url and --token belong together.");
        if (options.BaseUrl is not null && options.Provider == Every) throw new UsageException("--base-url names one directory: say --provider entra or --provider okta.");
        if (options is { BaseUrl: not null, WholeTenant: true }) throw new UsageException("A whole tenant makes a directory of its own: leave --base-url out.");
        var sized = options with
        {
            Users = options.Users > 0 ? options.Users : options.WholeTenant ? 100 : 20,
            Groups = options.Groups > 0 ? options.Groups : options.WholeTenant ? 10 : 3,
        };
        return sized is { WholeTenant: true, Users: < LeastUsers } or { WholeTenant: true, Groups: < LeastGroups }
            ? throw new UsageException($"A whole tenant has at least {LeastUsers} users and {LeastGroups} groups: somebody for everything that happens.")
            : sized;
    }

    private static Uri Url(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
        ? url
        : throw new UsageException($"--base-url {text}: use the directory's SCIM base URL, http://HOST/scim/v2/…");
}

internal sealed class UsageException(string message) : Exception(message);
