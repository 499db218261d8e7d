using System.Diagnostics;
using System.Globalization;

namespace IdpSimulator.Stories.Playing;

/// <summary>A line per step, and one every few seconds within a long one.</summary>
internal sealed class Progress(TextWriter output, string player)
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5);
    private readonly Lock gate = new();
    private string what = "";
    private int count;
    private int done;
    private Stopwatch watch = new();
    private TimeSpan told;

    public void Begin(string step, int items)
    {
        lock (gate) (what, count, done, watch, told) = (step, items, 0, Stopwatch.StartNew(), TimeSpan.Zero);
    }

    public void Tick()
    {
        lock (gate)
        {
            done++;
            if (watch.Elapsed - told < Between) return;
            told = watch.Elapsed;
            Write();
        }
    }

    public void End()
    {
        lock (gate) Write();
    }

    private void Write() => output.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{player}: {what}: {done} of {count} in {watch.Elapsed.TotalSeconds:0.0} s"));
}
