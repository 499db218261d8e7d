using System.Globalization;
using IdpSimulator.Comparison;
using IdpSimulator.Stories;
using IdpSimulator.Tenants;
using IdpSimulator.Wire;

namespace IdpSimulator.Cli;

/// <summary>Plays the first days with every player, one after the other, and writes about it.</summary>
internal sealed class Run(Options options, TextWriter output)
{
    /// <returns>Whether all went as expected.</returns>
    public async Task<bool> PlayAsync(IReadOnlyList<VariantPlayer> players, CancellationToken cancellationToken)
    {
        var recorder = new Recorder(options.Quiet ? null : Write);
        var good = true;
        output.WriteLine($"Run {options.RunId}");
        foreach (var player in players) good &= await PlayAsync(player, recorder, cancellationToken);
        Summary.Write(recorder, output);
        output.WriteLine(good ? "All as expected." : "Not as expected: see above.");
        return good;
    }

    private async Task<bool> PlayAsync(VariantPlayer player, Recorder recorder, CancellationToken cancellationToken)
    {
        var tenant = new TenantFactory(options.RunId).Create(player.Name, options.Users, options.Groups, player.NewId);
        using var client = player.Connect(recorder);
        try
        {
            await FirstDays.Story.PlayAsync(client, tenant, step => output.WriteLine($"{player.Name}: {step}"), cancellationToken);
            output.WriteLine($"{player.Name}: compare {options.Users} users and {options.Groups} groups");
            var differences = await TenantComparison.CompareAsync(tenant, client.Wire, cancellationToken);
            foreach (var difference in differences) output.WriteLine($"  DIFFERENT  {difference}");
            return differences.Count == 0;
        }
        catch (UnexpectedAnswerException error)
        {
            output.WriteLine($"  UNEXPECTED  {error.Message}");
        }
        catch (HttpRequestException error)
        {
            output.WriteLine($"  NO ANSWER  {error.Message}");
        }
        return false;
    }

    private void Write(Exchange exchange) => output.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"  {(int)exchange.Status} {exchange.Method,-6} {exchange.Target,-72} {exchange.Took.TotalMilliseconds,7:0.0} ms"));
}
