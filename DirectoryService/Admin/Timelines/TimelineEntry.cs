using System.Text.Json.Nodes;

namespace DirectoryService.Admin.Timelines;

/// <summary>One line of a timeline.</summary>
/// <param name="Source"><c>directory</c>, <c>licenses</c> or <c>policies</c>.</param>
/// <param name="Change">
/// A word of <see cref="Contracts.Events.V1.Change"/>, <c>refused</c>, <c>skippedMembers</c>; of the others
/// <c>licenseGranted</c>, <c>licenseFreed</c>, <c>policyJoined</c>, <c>policyLeft</c>.
/// </param>
/// <param name="Reason">Why it was refused, who was skipped; or why the seat or the policy came or went, in a word.</param>
/// <param name="Attributes">Names of the attributes that changed.</param>
/// <param name="Note">More for people: that the directory overrode the console; the product; the policy's name.</param>
internal sealed record TimelineEntry(
    DateTimeOffset At, string Source, string Change, long? Version = null, string? Status = null, string? Reason = null,
    IReadOnlyList<string>? Attributes = null, string? Note = null, JsonObject? Actor = null);

/// <param name="Items">Newest first.</param>
/// <param name="Missing">Sources that could not be asked now; what they know is not in <paramref name="Items"/>.</param>
internal sealed record Timeline(IReadOnlyList<TimelineEntry> Items, IReadOnlyList<string> Missing);
