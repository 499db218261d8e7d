using System.Globalization;
using System.Runtime.CompilerServices;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace Testing;

/// <summary>
/// Checks a property on generated cases; a case that failed once is checked ever after.
/// <code>
/// XTests.cs     property.Holds(500)
/// XTests.seeds  test  seed  gamma  size     beside it: these cases first, then 500 random ones
///                                           a failure adds its line here, to be committed with what mends it
/// </code>
/// The exception of a failure has the case and the line, also where the file cannot be written.
/// </summary>
public static class PropertyCheck
{
    /// <param name="tests">Random cases.</param>
    public static void Holds(this Property property, int tests, [CallerFilePath] string file = "", [CallerMemberName] string test = "")
    {
        var seeds = Path.ChangeExtension(file, ".seeds");
        var config = Config.QuickThrowOnFailure.WithName(test);
        foreach (var kept in Kept(seeds, test)) property.Check(config.WithMaxTest(1).WithReplay(FSharpOption<Replay>.Some(kept)));
        if (tests == 0) return;
        var runner = new Recorder(config.Runner);
        try
        {
            property.Check(config.WithMaxTest(tests).WithRunner(runner));
        }
        catch (Exception error) when (runner.Failure is { } failed)
        {
            var line = string.Create(CultureInfo.InvariantCulture, $"{test} {failed.Rnd.Seed} {failed.Rnd.Gamma} {failed.Size.Value}");
            throw new InvalidOperationException($"{error.Message}\n{Keep(seeds, line)}: {line}", error);
        }
    }

    private static IEnumerable<Replay> Kept(string seeds, string test) => !File.Exists(seeds) ? [] :
        from line in File.ReadAllLines(seeds)
        let parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        where parts.Length == 4 && parts[0] == test
        select new Replay(new Rnd(Number(parts[1]), Number(parts[2])), FSharpOption<int>.Some((int)Number(parts[3])));

    private static ulong Number(string text) => ulong.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>Returns what became of it. The sources may be elsewhere than where the tests were built, or not to be written to.</summary>
    private static string Keep(string seeds, string line)
    {
        try
        {
            if (!Directory.Exists(Path.GetDirectoryName(seeds))) return "Not kept, since the sources are not here";
            File.AppendAllLines(seeds, [line]);
            return $"Kept in {Path.GetFileName(seeds)}";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"Not kept ({error.Message})";
        }
    }

    /// <summary>Remembers which case failed, before it is thrown.</summary>
    private sealed class Recorder(IRunner inner) : IRunner
    {
        internal Replay? Failure { get; private set; }

        public void OnStartFixture(Type t) => inner.OnStartFixture(t);

        public void OnArguments(int ntest, FSharpList<object> args, FSharpFunc<int, FSharpFunc<FSharpList<object>, string>> every) => inner.OnArguments(ntest, args, every);

        public void OnShrink(FSharpList<object> args, FSharpFunc<FSharpList<object>, string> everyShrink) => inner.OnShrink(args, everyShrink);

        public void OnFinished(string name, TestResult result)
        {
            if (result is TestResult.Failed failed) Failure = new Replay(failed.Item6, FSharpOption<int>.Some(failed.Item7));
            inner.OnFinished(name, result);
        }
    }
}
