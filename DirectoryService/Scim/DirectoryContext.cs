using Contracts.Events.V1;
using DirectoryService.Lifecycle;
using DirectoryService.Storage;
using ServiceDefaults.Telemetry;

namespace DirectoryService.Scim;

/// <summary>The one directory that the request's token named, and what its settings are.</summary>
internal sealed record DirectoryContext(Guid AccountId, Guid DirectoryId, string Name, string Provider, ConflictRule Rule, bool LookupReleases, bool SkipUnknownMembers, string TokenKeyId,
    IReadOnlyList<SearchAttribute> SearchAttributes)
{
    internal Actor Actor => new() { Kind = "scimToken", Id = TokenKeyId, Name = Name, TraceParent = FactTraces.Current };
}
