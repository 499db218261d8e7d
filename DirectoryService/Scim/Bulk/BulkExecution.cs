using System.Text.Json.Nodes;

namespace DirectoryService.Scim.Bulk;

/// <summary>
/// Runs the operations of one Bulk request in order; an operation waits until the bulkIds that it refers to are resolved.
/// <code>
/// next one with resolved bulkIds ─► run ─► its own bulkId is resolved ┐
///        ▲                                                         │
///        ├─────────────────────────────────────────────────────────┘
///        └── none, though some are left: a circle ─► POST one of them without those references, and PUT it whole at the end
/// </code>
/// </summary>
internal sealed class BulkExecution(IReadOnlyList<BulkOperation> operations, int failOnErrors, Func<BulkOperation, JsonNode?, string?, Task<BulkOperationResult>> send)
{
    private readonly Dictionary<string, string> ids = [];
    private readonly HashSet<string> lost = [];
    private readonly BulkOperationResult?[] answers = new BulkOperationResult?[operations.Count];
    private int errors;

    /// <summary>Runs all operations. Results are in the order of the operations; null for those not run because of failOnErrors.</summary>
    internal async Task<IReadOnlyList<BulkOperationResult?>> AllAsync()
    {
        var waiting = Enumerable.Range(0, operations.Count).ToList();
        var unfinished = new List<int>();
        while (waiting.Count > 0 && errors < failOnErrors)
        {
            var ready = waiting.FindIndex(index => operations[index].Needs.All(name => ids.ContainsKey(name) || lost.Contains(name) || !IsPending(name, waiting)));
            if (ready < 0)
            {
                // A circle: create one resource without its references, so that the others can refer to its id.
                ready = waiting.FindIndex(index => operations[index] is { Method: "POST", BulkId: not null });
                if (ready < 0) ready = 0;
                else unfinished.Add(waiting[ready]);
            }
            var at = waiting[ready];
            waiting.RemoveAt(ready);
            await RunAsync(at, partly: unfinished.Contains(at));
        }
        foreach (var index in unfinished)
            if (errors < failOnErrors && answers[index] is { IsError: false }) await CompleteAsync(index);
        return answers;
    }

    private bool IsPending(string name, IEnumerable<int> waiting) => waiting.Any(index => operations[index] is { Method: "POST" } post && post.BulkId == name);

    private async Task RunAsync(int index, bool partly)
    {
        var operation = operations[index];
        var missing = partly ? null : operation.Needs.FirstOrDefault(name => !ids.ContainsKey(name));
        var answer = missing is not null
            ? BulkOperationResult.Refused(409, null, $"No operation of this request created 'bulkId:{missing}'.")
            : await send(operation, BulkIdReferences.Resolve(operation.Data, ids), Target(operation));
        Keep(index, answer);
        if (operation is not { Method: "POST", BulkId: { } own }) return;
        if (answer.Id is { } id) ids[own] = id;
        else lost.Add(own);
    }

    /// <summary>Writes a resource again that was created without its references, now with them.</summary>
    private async Task CompleteAsync(int index)
    {
        var created = answers[index]!;
        var operation = operations[index];
        var missing = operation.Needs.FirstOrDefault(name => !ids.ContainsKey(name));
        var answer = missing is not null
            ? BulkOperationResult.Refused(409, null, $"It was created, but without its reference: no operation of this request created 'bulkId:{missing}'.")
            : await send(operation with { Method = "PUT", Target = created.Id }, BulkIdReferences.Resolve(operation.Data, ids), created.Id);
        Keep(index, answer.IsError ? answer with { Location = created.Location } : answer with { Status = created.Status, Location = created.Location });
    }

    private string? Target(BulkOperation operation) =>
        BulkIdReferences.Name(operation.Target) is { } name && ids.TryGetValue(name, out var id) ? id : operation.Target;

    private void Keep(int index, BulkOperationResult answer)
    {
        answers[index] = answer with { Target = Target(operations[index]) };
        if (answer.IsError) errors++;
    }
}
