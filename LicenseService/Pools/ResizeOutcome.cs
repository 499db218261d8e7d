namespace LicenseService.Pools;

/// <summary>The outcome of a resize.</summary>
internal abstract record ResizeOutcome
{
    private ResizeOutcome() { }

    internal sealed record Resized : ResizeOutcome;

    /// <summary>More seats are in use than requested, and the request does not say who loses one.</summary>
    internal sealed record InUse(int Used) : ResizeOutcome;

    /// <summary>The request names users, but not exactly as many seat holders as there are seats to free.</summary>
    internal sealed record ChosenDoNotFit(int Missing, int Holders) : ResizeOutcome;

    /// <summary>Assignments changed during every attempt, so the resize was not done. The caller may retry.</summary>
    internal sealed record Busy : ResizeOutcome;

    internal sealed record NoSuchPool : ResizeOutcome;
}

/// <param name="Missing">Seats that have to be freed.</param>
/// <param name="WaitAgain">How many of them go on the waiting list, because a rule still gives them a seat.</param>
/// <param name="First">The first users who lose a seat, in that order.</param>
internal sealed record ShrinkPreview(Pool Pool, int Missing, long WaitAgain, IReadOnlyList<Loser> First);

internal sealed record Loser(Guid UserId, string UserName, string? DisplayName, DateTimeOffset GrantedAt, bool Manual, Guid? RuleId);

/// <summary>The strategy of the request, and the users that it names.</summary>
internal sealed record LoserChoice(ShrinkStrategy By, IReadOnlyList<Guid> UserIds);
