namespace LicenseService.Seats;

/// <summary>What became of an assignment.</summary>
internal abstract record AssignmentOutcome
{
    private AssignmentOutcome() { }

    internal sealed record Granted(Grant Grant) : AssignmentOutcome;

    /// <summary>The user held a seat of this pool already.</summary>
    internal sealed record Held(Grant Grant) : AssignmentOutcome;

    internal sealed record Refused(Refusal Reason, int Seats) : AssignmentOutcome;

    internal sealed record NoSuchPool : AssignmentOutcome;
}
