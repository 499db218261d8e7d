using Contracts.Events.V1;
using DirectoryService.Lifecycle;
using DirectoryService.Lists;
using ServiceDefaults.Telemetry;

namespace DirectoryService.Scim;

/// <summary>The directory of the request's token, with its settings.</summary>
internal sealed record DirectoryContext(Guid AccountId, Guid DirectoryId, string Name, string Provider, ConflictRule Rule, bool LookupReleases, bool SkipUnknownMembers, string TokenKeyId,
    IReadOnlyList<SearchAttribute> SearchAttributes)
{
    internal Actor Actor => new() { Kind = "scimToken", Id = TokenKeyId, Name = Name, TraceParent = FactTraces.Current };
}
