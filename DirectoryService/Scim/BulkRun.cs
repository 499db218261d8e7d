using System.Text.Json.Nodes;

namespace DirectoryService.Scim;

/// <summary>
/// Runs the operations of one Bulk request, each as soon as the names that it refers to have ids; else in their order.
/// <code>
/// next one whose names have ids ─► run ─► its own name gets its id ─┐
///        ▲                                                         │
///        ├─────────────────────────────────────────────────────────┘
///        └── none, though some are left: a circle ─► POST one of them without those references, and PUT it whole at the end
/// </code>
/// </summary>
internal sealed class BulkRun(IReadOnlyList<BulkOperation> operations, int failOnErrors, Func<BulkOperation, JsonNode?, string?, Task<BulkAnswer>> send)
{
    private readonly Dictionary<string, string> ids = [];
    private readonly HashSet<string> lost = [];
    private readonly BulkAnswer?[] answers = new BulkAnswer?[operations.Count];
    private int errors;

    /// <summary>In the order of the operations; null: not run, because there were too many errors.</summary>
    internal async Task<IReadOnlyList<BulkAnswer?>> AllAsync()
    {
        var waiting = Enumerable.Range(0, operations.Count).ToList();
        var unfinished = new List<int>();
        while (waiting.Count > 0 && errors < failOnErrors)
        {
            var ready = waiting.FindIndex(index => operations[index].Needs.All(name => ids.ContainsKey(name) || lost.Contains(name) || !IsComing(name, waiting)));
            if (ready < 0)
            {
                // Whoever is created first lends the others its id.
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

    private bool IsComing(string name, IEnumerable<int> waiting) => waiting.Any(index => operations[index] is { Method: "POST" } post && post.BulkId == name);

    private async Task RunAsync(int index, bool partly)
    {
        var operation = operations[index];
        var missing = partly ? null : operation.Needs.FirstOrDefault(name => !ids.ContainsKey(name));
        var answer = missing is not null
            ? BulkAnswer.Refused(409, null, $"No operation of this request created 'bulkId:{missing}'.")
            : await send(operation, BulkReferences.Resolve(operation.Data, ids), Target(operation));
        Keep(index, answer);
        if (operation is not { Method: "POST", BulkId: { } own }) return;
        if (answer.Id is { } id) ids[own] = id;
        else lost.Add(own);
    }

    /// <summary>The second write of one that was created without its references.</summary>
    private async Task CompleteAsync(int index)
    {
        var created = answers[index]!;
        var operation = operations[index];
        var missing = operation.Needs.FirstOrDefault(name => !ids.ContainsKey(name));
        var answer = missing is not null
            ? BulkAnswer.Refused(409, null, $"It was created, but without its reference: no operation of this request created 'bulkId:{missing}'.")
            : await send(operation with { Method = "PUT", Target = created.Id }, BulkReferences.Resolve(operation.Data, ids), created.Id);
        Keep(index, answer.IsError ? answer with { Location = created.Location } : answer with { Status = created.Status, Location = created.Location });
    }

    private string? Target(BulkOperation operation) =>
        BulkReferences.Name(operation.Target) is { } name && ids.TryGetValue(name, out var id) ? id : operation.Target;

    private void Keep(int index, BulkAnswer answer)
    {
        answers[index] = answer with { Target = Target(operations[index]) };
        if (answer.IsError) errors++;
    }
}
