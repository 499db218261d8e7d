using System.Text.Json.Nodes;
using DirectoryService.Protocol.Patch;

namespace DirectoryService.Protocol.Body;

/// <summary>Reads one array of members: as JSON nodes while it is small, then as ids.</summary>
internal sealed class MemberArrayReader
{
    /// <summary>How many invalid ids are kept for the error message.</summary>
    private const int Named = 10;

    private readonly List<Guid> ids = [];
    private readonly List<string> others = [];
    private long otherCount;
    private bool isFolded;

    /// <summary>The ids; null while the array is kept as JSON nodes.</summary>
    internal MemberIds? Folded => isFolded ? new MemberIds(ids, others, otherCount) : null;

    /// <exception cref="ScimException">invalidValue for an element that cannot be a member, once the array is no longer kept.</exception>
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
