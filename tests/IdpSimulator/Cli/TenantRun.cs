using System.Diagnostics;
using System.Globalization;
using IdpSimulator.AdminConsole;
using IdpSimulator.Stories.Playing;
using IdpSimulator.Tenants;
using IdpSimulator.Wire;

namespace IdpSimulator.Cli;

/// <summary>Plays a whole tenant of every variant, one after the other, each on a new directory of its own.</summary>
/// <param name="options">Sizes and rates.</param>
/// <param name="output">What was found.</param>
/// <param name="progress">What is going on.</param>
internal sealed class TenantRun(Options options, TextWriter output, TextWriter progress)
{
    private const int Shown = 50;

    /// <returns>Whether all went as expected.</returns>
    public async Task<bool> PlayAsync(SystemEndpoints endpoints, CancellationToken cancellationToken)
    {
        var recorder = new Recorder();
        var pace = options.Pace();
        using var console = new ConsoleClient(endpoints.Gateway, endpoints.AdminApiKey, recorder, pace);
        var good = true;
        foreach (var variant in options.Variants())
            good &= await PlayAsync(variant, console, recorder, pace, cancellationToken);
        Summary.Write(recorder, output);
        output.WriteLine(good ? "All as expected." : "Not as expected: see above.");
        return good;
    }

    private async Task<bool> PlayAsync(ProviderVariant variant, ConsoleClient console, Recorder recorder, Pace pace, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var before = recorder.Exchanges.Count;
        var crowd = new ParallelActions(options.Parallel, new Progress(progress, variant.Name));
        try
        {
            var story = await TenantStory.LoadAsync(variant.Story, cancellationToken);
            var directory = await console.CreateDirectoryAsync($"{variant.Name} ({options.RunId})", variant.Directory, cancellationToken);
            using var client = variant.Connect(directory.BaseUrl, directory.Token, recorder, pace);
            var tenant = new TenantFactory(options.RunId).Create(variant.Name, options.Users, options.Groups, variant.NewId);
            await TenantStoryRunner.PlayAsync(story, new StoryContext(client, console, directory.Id, tenant, crowd), cancellationToken);
        }
        catch (UnexpectedAnswerException error)
        {
            output.WriteLine($"  STOPPED  {error.Message}");
            return Tell(variant, crowd.Findings, false, recorder.Exchanges.Count - before, watch.Elapsed);
        }
        catch (HttpRequestException error)
        {
            output.WriteLine($"  NO ANSWER  {error.Message}");
            return Tell(variant, crowd.Findings, false, recorder.Exchanges.Count - before, watch.Elapsed);
        }
        return Tell(variant, crowd.Findings, true, recorder.Exchanges.Count - before, watch.Elapsed);
    }

    private bool Tell(ProviderVariant variant, IReadOnlyCollection<string> findings, bool played, int requests, TimeSpan took)
    {
        foreach (var finding in findings.Take(Shown)) output.WriteLine($"  DIFFERENT  {finding}");
        if (findings.Count > Shown) output.WriteLine($"  and {findings.Count - Shown} more");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{variant.Name}: {options.Users} users, {options.Groups} groups, {requests} requests in {took.TotalSeconds:0.0} s ({requests / took.TotalSeconds:0}/s), {findings.Count} differences"));
        return played && findings.Count == 0;
    }
}
