using System.Text.Json;
using System.Text.Json.Nodes;
using DirectoryService.Protocol.Schemas;

namespace DirectoryService.Storage;

/// <summary>
/// SCIM attributes as one row keeps them: UTF-8 that answers pass on as it is, and a tree for who decides or compares. Each
/// is made from the other when it is first asked for. The tree is not to be changed: clone it.
/// </summary>
internal sealed class StoredDocument
{
    private byte[]? utf8;
    private JsonObject? tree;
    private UserColumns? columns;

    internal StoredDocument(byte[] utf8) => this.utf8 = utf8;

    internal StoredDocument(JsonObject tree) => this.tree = tree;

    internal byte[] Utf8 => utf8 ??= JsonSerializer.SerializeToUtf8Bytes(tree!);

    internal JsonObject Tree => tree ??= ManagerReference.Settle(JsonNode.Parse(utf8!)!.AsObject());

    /// <summary>Of a user's document: the manager's id, if it is one that this service can have issued.</summary>
    internal Guid? ManagerId => ManagerReference.OfUser(Tree);

    /// <summary>Of a user's document: what stands in typed columns because it is looked up or shown in lists.</summary>
    internal UserColumns UserColumns => columns ??= UserColumns.Of(Tree);
}
