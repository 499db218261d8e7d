using static DirectoryService.Protocol.Schemas.AttributeShorthand;

namespace DirectoryService.Protocol.Schemas;

/// <summary>The Group schema (RFC 7643 §4.2, §8.7.1). Members are users; nested groups are not supported.</summary>
public static class GroupSchema
{
    public const string Members = "members";

    public static readonly Schema Core = new(Urns.Group, "Group", "A group of users of the directory.",
    [
        String("displayName", "The name of the group as it is shown to people. Required, and unique among the live groups of the directory; compared without case and in its Unicode-prepared form.")
            with { Required = true, Unique = true },
        Complex(Members, "The users in the group. Groups do not nest. A member is added and removed as a whole, never changed in place.",
            Immutable(String("value", "The user's id.")),
            Immutable(Reference("$ref", "The user's address.", "User")),
            Immutable(String("type", "What kind of resource the member is.") with { CanonicalValues = ["User"] }),
            ReadOnly(String("display", "The user's displayName, else userName."))) with { MultiValued = true },
    ]);
}
