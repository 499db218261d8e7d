using System.Globalization;

namespace IdpSimulator.Cli;

/// <summary>The command line.</summary>
internal sealed record Options
{
    public const string Help = """
        Plays identity providers over SCIM 2.0 against the running system, and compares at the end.

        IdpSimulator [options]
          --provider entra|okta|all   who plays (all)
          --variants first|all        one PATCH dialect or kind of app per provider, or each of them (first)
          --users N --groups N        size of each tenant (20, 3)
          --run-id X                  part of every name, so that runs do not meet (random)
          --endpoints FILE            the system's endpoints.json (.data/endpoints.json upward from here,
                                      or what PROVISIONING_ENDPOINTS names)
          --base-url URL --token T    one directory instead; needs --provider entra or okta
          --quiet                     no line per request

        Exit code 0: every answer was as expected and SCIM agrees with the tenants; 1 otherwise; 2: wrong usage.
        """;

    public string? Endpoints { get; init; }
    public Uri? BaseUrl { get; init; }
    public string? Token { get; init; }
    public bool Entra { get; init; } = true;
    public bool Okta { get; init; } = true;
    public bool AllVariants { get; init; }
    public int Users { get; init; } = 20;
    public int Groups { get; init; } = 3;
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
                "--provider" => Value() switch
                {
                    "entra" => options with { Entra = true, Okta = false },
                    "okta" => options with { Entra = false, Okta = true },
                    "all" => options with { Entra = true, Okta = true },
                    var other => throw new UsageException($"--provider {other}: use entra, okta or all."),
                },
                "--variants" => Value() switch
                {
                    "first" => options with { AllVariants = false },
                    "all" => options with { AllVariants = true },
                    var other => throw new UsageException($"--variants {other}: use first or all."),
                },
                "--users" => options with { Users = Number(Value(), 3) },
                "--groups" => options with { Groups = Number(Value(), 1) },
                "--run-id" => options with { RunId = Value() },
                "--quiet" => options with { Quiet = true },
                _ => throw new UsageException($"{name} is no option."),
            };

            string Value() => ++i < arguments.Count ? arguments[i] : throw new UsageException($"{name} needs a value.");
            int Number(string text, int least) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least
                ? number
                : throw new UsageException($"{name} {text}: use a number of at least {least}.");
        }
        if (options.BaseUrl is null != (options.Token is null)) throw new UsageException("--base-url and --token belong together.");
        if (options.BaseUrl is not null && options.Entra == options.Okta) throw new UsageException("--base-url names one directory: say --provider entra or --provider okta.");
        return options;
    }

    private static Uri Url(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
        ? url
        : throw new UsageException($"--base-url {text}: use the directory's SCIM base URL, http://HOST/scim/v2/…");
}

internal sealed class UsageException(string message) : Exception(message);
