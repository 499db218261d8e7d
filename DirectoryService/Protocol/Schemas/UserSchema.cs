using static DirectoryService.Protocol.Schemas.Define;

namespace DirectoryService.Protocol.Schemas;

/// <summary>The User schema (RFC 7643 §4.1, §8.7.1) and its enterprise extension (§4.3).</summary>
public static class UserSchema
{
    public static readonly Schema Core = new(Urns.User, "User", "User account",
    [
        String("userName", "The name the user signs in with; unique in the directory, compared without case.") with { Required = true, Unique = true },
        Complex("name", "The parts of the user's name.",
            String("formatted"), String("familyName"), String("givenName"), String("middleName"),
            String("honorificPrefix"), String("honorificSuffix")),
        String("displayName", "The name shown to people."),
        String("nickName"),
        Reference("profileUrl", "external"),
        String("title"),
        String("userType"),
        String("preferredLanguage"),
        String("locale"),
        String("timezone"),
        Boolean("active", "Whether the user may use the service."),
        String("password", "Accepted and dropped; never stored.") with { Mutability = Mutability.WriteOnly, Returned = Returned.Never },
        Plural("emails", "Email addresses.", "work", "home", "other"),
        Plural("phoneNumbers", "Phone numbers.", "work", "home", "mobile", "fax", "pager", "other"),
        Plural("ims", "Instant messaging addresses.", "aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo"),
        Plural("photos", "Pictures.", Reference("value", "external"), "photo", "thumbnail"),
        Complex("addresses", "Postal addresses.",
            String("formatted"), String("streetAddress"), String("locality"), String("region"), String("postalCode"), String("country"),
            String("type") with { CanonicalValues = ["work", "home", "other"] },
            // Not in RFC 7643, but Entra ID and Okta send it.
            Boolean("primary")) with { MultiValued = true },
        Complex("groups", "Groups the user belongs to.",
            String("value") with { Mutability = Mutability.ReadOnly },
            Reference("$ref", "User", "Group") with { Mutability = Mutability.ReadOnly },
            String("display") with { Mutability = Mutability.ReadOnly },
            String("type") with { Mutability = Mutability.ReadOnly, CanonicalValues = ["direct", "indirect"] })
            with { MultiValued = true, Mutability = Mutability.ReadOnly },
        Plural("entitlements", "Entitlements."),
        Plural("roles", "Roles."),
        Plural("x509Certificates", "Certificates.", new AttributeDefinition("value", AttributeType.Binary) { CaseExact = true }),
    ]);

    public static readonly Schema Enterprise = new(Urns.EnterpriseUser, "EnterpriseUser", "Enterprise user",
    [
        String("employeeNumber"), String("costCenter"), String("organization"), String("division"), String("department"),
        Complex("manager", "The user's manager.",
            String("value", "SCIM id of the manager."),
            Reference("$ref", "User"),
            String("displayName") with { Mutability = Mutability.ReadOnly }),
    ]);
}
