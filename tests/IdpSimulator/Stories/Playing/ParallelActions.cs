using System.Collections.Concurrent;
using IdpSimulator.Comparison;
using IdpSimulator.Wire;

namespace IdpSimulator.Stories.Playing;

/// <summary>Does the same for many users or groups, some at a time; what goes wrong with one does not stop the others.</summary>
internal sealed class ParallelActions(int atATime, Progress progress)
{
    private readonly ConcurrentQueue<string> findings = new();
    private readonly ConcurrentDictionary<string, bool> told = new();

    /// <summary>Answers that were not as expected, each a sentence.</summary>
    public IReadOnlyCollection<string> Findings => findings;

    public async Task EachAsync<T>(string what, IReadOnlyCollection<T> items, Func<T, CancellationToken, Task> playAsync, CancellationToken cancellationToken)
    {
        progress.Begin(what, items.Count);
        await Parallel.ForEachAsync(items, Degree(cancellationToken), async (item, ct) =>
        {
            await TryAsync(what, () => playAsync(item, ct));
            progress.Tick();
        });
        progress.End();
    }

    public async Task<IReadOnlyList<R>> SelectAsync<T, R>(IReadOnlyCollection<T> items, Func<T, CancellationToken, Task<R>> askAsync, CancellationToken cancellationToken)
    {
        var answers = new ConcurrentQueue<R>();
        await Parallel.ForEachAsync(items, Degree(cancellationToken), async (item, ct) => answers.Enqueue(await askAsync(item, ct)));
        return [.. answers];
    }

    public async Task CompareAsync(string what, Func<Task<IReadOnlyList<Difference>>> compareAsync)
    {
        progress.Begin(what, 1);
        await TryAsync(what, async () =>
        {
            foreach (var difference in await compareAsync()) Tell(difference.ToString());
        });
        progress.Tick();
        progress.End();
    }

    public async Task TryAsync(string what, Func<Task> playAsync)
    {
        try
        {
            await playAsync();
        }
        catch (UnexpectedAnswerException error)
        {
            Tell($"{what}: {error.Message}");
        }
    }

    /// <summary>Whether it is among the findings: a story compares several times, and what stays different is said once.</summary>
    public bool Told(string finding) => told.ContainsKey(finding);

    private void Tell(string finding)
    {
        if (told.TryAdd(finding, true)) findings.Enqueue(finding);
    }

    private ParallelOptions Degree(CancellationToken cancellationToken) => new() { MaxDegreeOfParallelism = atATime, CancellationToken = cancellationToken };
}
