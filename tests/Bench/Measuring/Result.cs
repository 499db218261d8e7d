namespace Bench.Measuring;

/// <summary>One line of the table.</summary>
/// <param name="Goal">What it is held against; null for what is only told.</param>
internal sealed record Result(char Case, string What, double Value, string Unit, Goal? Goal = null)
{
    public string Verdict => Goal?.Judge(Value) ?? "";
}

/// <summary>A bound that must hold and, where there is one, a better one that is aimed at.</summary>
/// <param name="HigherIsBetter">The bounds are the least, else the most.</param>
internal sealed record Goal(double Floor, double? Aim, bool HigherIsBetter)
{
    internal static Goal AtLeast(double floor, double? aim = null) => new(floor, aim, true);

    internal static Goal AtMost(double ceiling, double? aim = null) => new(ceiling, aim, false);

    internal string Judge(double value) => (Holds(value, Floor), Aim is { } aim && Holds(value, aim)) switch
    {
        (_, true) => "aim met",
        (true, false) => Aim is null ? "met" : "met, aim missed",
        (false, false) => "missed",
    };

    private bool Holds(double value, double bound) => HigherIsBetter ? value >= bound : value <= bound;
}
