namespace LicenseService.Work;

internal sealed record WorkStarted(Guid WorkId);

/// <param name="Cause"><c>ruleMade</c>, <c>ruleMoved</c>, <c>ruleDeleted</c>, <c>groupChanged</c> or <c>rebuilt</c>.</param>
/// <param name="State"><c>waiting</c>, <c>running</c> or <c>done</c>.</param>
/// <param name="Total">Users to look at; null before it begins. Users that come meanwhile are looked at as well.</param>
/// <param name="Freed">Seats taken back.</param>
/// <param name="Queued">Users put in line, where those for whom a seat is open get it at once.</param>
internal sealed record WorkView(
    Guid Id, string Cause, string State, long Done, long? Total, long Freed, long Queued, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt)
{
    internal static WorkView Of(WorkItem item) => new(
        item.Id, item.Cause, item.FinishedAt is not null ? "done" : item.Total is null ? "waiting" : "running", item.Done, item.Total, item.Freed, item.Queued,
        item.CreatedAt, item.FinishedAt);
}

/// <param name="Items">What goes on first, then the latest of what is done.</param>
internal sealed record WorkList(IReadOnlyList<WorkView> Items);
