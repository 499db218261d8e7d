using System.Text.Json.Nodes;
using DirectoryService.Protocol.Patch;

namespace DirectoryService.Protocol.Body;

/// <summary>One array of members while it is read: as it is as long as it is small, then as ids.</summary>
internal sealed class MemberFold
{
    /// <summary>Ids that nobody has are kept for whoever is told of them; a few are enough.</summary>
    private const int Named = 10;

    private readonly List<Guid> ids = [];
    private readonly List<string> others = [];
    private long otherCount;
    private bool isFolded;

    /// <summary>Null while the array itself says all.</summary>
    internal MemberIds? Folded => isFolded ? new MemberIds(ids, others, otherCount) : null;

    /// <exception cref="ScimException">invalidValue for what can be no member, once the array itself is dropped.</exception>
    internal void Add(JsonArray array, JsonNode? element, bool keep)
    {
        if (isFolded) Take(element);
        else if (keep) array.Add(element);
        else
        {
            isFolded = true;
            foreach (var earlier in array) Take(earlier);
            array.Clear();
            Take(element);
        }
    }

    private void Take(JsonNode? element)
    {
        if (element is null) return;
        var (id, text) = MembershipChange.Read(element);
        if (id is { } issued) ids.Add(issued);
        else if (++otherCount <= Named) others.Add(text);
    }
}
