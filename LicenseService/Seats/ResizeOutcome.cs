namespace LicenseService.Seats;

/// <summary>What became of a new number of seats.</summary>
internal abstract record ResizeOutcome
{
    private ResizeOutcome() { }

    internal sealed record Resized : ResizeOutcome;

    /// <summary>More seats are in use, and the admin did not say who loses.</summary>
    internal sealed record InUse(int Used) : ResizeOutcome;

    /// <summary>The admin named users, but not as many holders as seats are missing.</summary>
    internal sealed record ChosenDoNotFit(int Missing, int Holders) : ResizeOutcome;

    /// <summary>Seats came and went so fast that who loses could not be settled.</summary>
    internal sealed record Busy : ResizeOutcome;

    internal sealed record NoSuchPool : ResizeOutcome;
}

/// <param name="Missing">Seats that have to be freed.</param>
/// <param name="WaitAgain">Of them, those whom a rule puts in line again.</param>
/// <param name="First">The first of them, in the order in which they lose.</param>
internal sealed record ShrinkPreview(Pool Pool, int Missing, long WaitAgain, IReadOnlyList<Loser> First);

internal sealed record Loser(Guid UserId, string UserName, string? DisplayName, DateTimeOffset GrantedAt, bool Manual, Guid? RuleId);

/// <summary>Who loses, as the admin says.</summary>
internal sealed record LoserChoice(LosersBy By, IReadOnlyList<Guid> UserIds);
