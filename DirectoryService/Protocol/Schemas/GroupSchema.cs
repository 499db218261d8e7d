using static DirectoryService.Protocol.Schemas.Define;

namespace DirectoryService.Protocol.Schemas;

/// <summary>The Group schema (RFC 7643 §4.2). Members are users; nested groups are not supported.</summary>
public static class GroupSchema
{
    public const string Members = "members";

    public static readonly Schema Core = new(Urns.Group, "Group", "Group of users",
    [
        String("displayName", "The name shown to people; unique in the directory, compared without case.") with { Required = true },
        Complex(Members, "The users in the group.",
            String("value", "SCIM id of the user.") with { Mutability = Mutability.Immutable },
            Reference("$ref", "User") with { Mutability = Mutability.Immutable },
            String("type") with { Mutability = Mutability.Immutable, CanonicalValues = ["User"] },
            String("display") with { Mutability = Mutability.ReadOnly }) with { MultiValued = true },
    ]);
}
