using FsCheck;
using FsCheck.Fluent;
using Testing;

namespace DirectoryService.Tests.Protocol;

/// <summary>A generated case that failed is kept beside its test, and checked each time before any other.</summary>
public sealed class PropertyCheckTests
{
    private const string Test = "Small";

    [Fact]
    public void A_case_that_failed_is_kept_and_fails_until_it_is_mended()
    {
        var folder = System.IO.Directory.CreateTempSubdirectory("seeds");
        try
        {
            var file = Path.Combine(folder.FullName, "SomeTests.cs");
            var seen = new List<int>();
            var error = Assert.Throws<InvalidOperationException>(() => Small(below: 20).Holds(500, file, Test));
            var kept = Assert.Single(File.ReadAllLines(Path.Combine(folder.FullName, "SomeTests.seeds")));
            Assert.StartsWith($"{Test} ", kept, StringComparison.Ordinal);
            Assert.EndsWith($"Kept in SomeTests.seeds: {kept}", error.Message, StringComparison.Ordinal);
            Assert.ThrowsAny<Exception>(() => Small(below: 20).Holds(0, file, Test));
            Small(below: int.MaxValue).Holds(0, file, Test);
            Assert.True(Assert.Single(seen.TakeLast(1)) >= 20);
            Small(below: 20).Holds(0, file, "Another_test");

            Property Small(int below) => Prop.ForAll(Arb.From(Gen.Choose(0, 1000)), number =>
            {
                seen.Add(number);
                Assert.True(number < below);
            });
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Where_it_cannot_be_kept_it_is_told() =>
        Assert.Contains("Not kept", Assert.Throws<InvalidOperationException>(() =>
            Prop.ForAll(Arb.From(Gen.Choose(0, 1)), number => Assert.Equal(2, number)).Holds(5, "/no/such/folder/SomeTests.cs", Test)).Message, StringComparison.Ordinal);
}
