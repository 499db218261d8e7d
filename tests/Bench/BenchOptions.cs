using System.Globalization;

namespace Bench;

/// <param name="Seconds">How long each load lasts.</param>
/// <param name="Rounds">How often each is repeated; the median counts.</param>
/// <param name="Samples">Requests of each kind whose median is one latency.</param>
/// <param name="Quick">Small sizes throughout.</param>
internal sealed record BenchOptions(string System, string Out, IReadOnlySet<char> Cases, int Users, int Seconds, int Rounds, int Samples, bool Quick)
{
    internal const int SmallDirectory = 1_000;
    private const string AllCases = "abcdefgh";

    /// <exception cref="ArgumentException">Tells what is wrong.</exception>
    internal static BenchOptions Parse(IReadOnlyList<string> arguments)
    {
        var quick = arguments.Contains("--quick");
        string? system = null, results = null, cases = null, users = null;
        for (var i = 0; i < arguments.Count; i++)
        {
            switch (arguments[i])
            {
                case "--quick": break;
                case "--system": system = Value(ref i); break;
                case "--out": results = Value(ref i); break;
                case "--case": cases = Value(ref i); break;
                case "--users": users = Value(ref i); break;
                default: throw new ArgumentException($"Unknown option: {arguments[i]}. ./bench --help tells those there are.");
            }
        }

        var chosen = (cases ?? AllCases).Where(letter => letter != ',').ToHashSet();
        if (chosen.FirstOrDefault(letter => !AllCases.Contains(letter, StringComparison.Ordinal)) is var unknown and not '\0')
            throw new ArgumentException($"There is no case {unknown}; there are {string.Join(", ", AllCases.AsEnumerable())}.");
        var size = quick ? 20_000 : 1_000_000;
        if (users is not null && (!int.TryParse(users, NumberStyles.None, CultureInfo.InvariantCulture, out size) || size < 2 * SmallDirectory))
            throw new ArgumentException($"--users wants a whole number of at least {2 * SmallDirectory}.");
        return new(
            system ?? throw new ArgumentException("--system DIR is missing; start this through ./bench."), results ?? system,
            chosen, size, quick ? 3 : 15, quick ? 1 : 3, quick ? 100 : 1_000, quick);

        string Value(ref int i) => ++i < arguments.Count ? arguments[i] : throw new ArgumentException($"{arguments[i - 1]} wants a value.");
    }
}
