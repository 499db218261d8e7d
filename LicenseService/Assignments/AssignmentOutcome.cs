using LicenseService.Pools;

namespace LicenseService.Assignments;

/// <summary>The outcome of an assignment by an admin.</summary>
internal abstract record AssignmentOutcome
{
    private AssignmentOutcome() { }

    internal sealed record Granted(Grant Grant) : AssignmentOutcome;

    /// <summary>The user already had a seat of this pool. It now has an admin as a reason too.</summary>
    internal sealed record AlreadyAssigned(Grant Grant) : AssignmentOutcome;

    internal sealed record Refused(Refusal Reason, Pool Pool) : AssignmentOutcome
    {
        /// <summary>Whether the refusal depends on projected facts about the user. A newer fact can end it.</summary>
        internal bool RestsOnFacts => Reason is Refusal.UnknownUser or Refusal.NotActive or Refusal.NoEmail;
    }

    internal sealed record NoSuchPool : AssignmentOutcome;
}

/// <summary>The outcome of an unassignment by an admin.</summary>
internal enum UnassignOutcome
{
    Freed,
    /// <summary>The admin is no longer a reason; rules still give the seat, so the user keeps it.</summary>
    KeptByRule,
    /// <summary>Refused: no admin gave the seat, only rules do.</summary>
    HeldByRule,
    NoGrant,
}
