namespace EndToEnd.Tests.Running;

/// <summary>Tests with this trait take minutes each: <c>./test --long</c> runs them, and <c>./test</c> does not.</summary>
internal static class LongRun
{
    public const string Trait = "Run", Value = "Long";
}
