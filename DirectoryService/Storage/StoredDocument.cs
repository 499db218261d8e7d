using System.Text.Json;
using System.Text.Json.Nodes;
using DirectoryService.Protocol.Schemas;
using DirectoryService.Users;

namespace DirectoryService.Storage;

/// <summary>
/// The SCIM attributes of one row, as UTF-8 (copied to responses) and as a tree (for decisions and comparisons). Each form is
/// created from the other on first use. Do not modify the tree; clone it.
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

    /// <summary>The typed columns of a user's document, for look-ups and lists.</summary>
    internal UserColumns UserColumns => columns ??= UserColumns.Of(Tree);
}
