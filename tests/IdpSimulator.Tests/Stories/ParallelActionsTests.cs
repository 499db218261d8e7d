using IdpSimulator.Stories.Playing;
using IdpSimulator.Wire;

namespace IdpSimulator.Tests.Stories;

public sealed class ParallelActionsTests
{
    [Fact]
    public async Task What_goes_wrong_with_one_does_not_stop_the_others_and_is_told_once()
    {
        var progress = new StringWriter();
        var crowd = new ParallelActions(4, new Progress(progress, "okta-put"));
        var played = 0;
        for (var time = 0; time < 2; time++)
        {
            await crowd.EachAsync("assign", Enumerable.Range(0, 20).ToList(), (index, _) =>
            {
                Interlocked.Increment(ref played);
                return index == 7 ? throw new UnexpectedAnswerException("POST Users", "201", "500: no") : Task.CompletedTask;
            }, default);
        }
        Assert.Equal(40, played);
        Assert.Equal("assign: expected 201 to POST Users, got 500: no", Assert.Single(crowd.Findings));
        Assert.Contains("okta-put: assign: 20 of 20 in ", progress.ToString(), StringComparison.Ordinal);
    }
}
