namespace LicenseService.Seats;

/// <summary>What became of an assignment.</summary>
internal abstract record AssignmentOutcome
{
    private AssignmentOutcome() { }

    internal sealed record Granted(Grant Grant) : AssignmentOutcome;

    /// <summary>The user held a seat of this pool already; an admin has given it now, if not before.</summary>
    internal sealed record Held(Grant Grant) : AssignmentOutcome;

    internal sealed record Refused(Refusal Reason, Pool Pool) : AssignmentOutcome
    {
        /// <summary>The reason is what facts tell of the user: a newer one can end it.</summary>
        internal bool RestsOnFacts => Reason is Refusal.UnknownUser or Refusal.NotActive or Refusal.NoEmail;
    }

    internal sealed record NoSuchPool : AssignmentOutcome;
}

/// <summary>What became of taking a seat back.</summary>
internal enum UnassignOutcome
{
    Freed,
    /// <summary>The admin's reason is gone; rules still give the seat.</summary>
    KeptByRule,
    /// <summary>No admin gave the seat: only rules do.</summary>
    HeldByRule,
    NoGrant,
}
