using static DirectoryService.Protocol.Schemas.AttributeShorthand;

namespace DirectoryService.Protocol.Schemas;

/// <summary>The User schema (RFC 7643 §4.1, §8.7.1).</summary>
public static class UserSchema
{
    public static readonly Schema Core = new(Urns.User, "User", "A user of the directory.",
    [
        String("userName", "The name by which the user signs in, often an email address. Required, and unique among the users of the directory; compared without case and in its Unicode-prepared form.")
            with { Required = true, Unique = true },
        Complex("name", "The parts of the user's real name. A client may send formatted, or the parts, or both; none is made of the others here.",
            String("formatted", "The whole name as it is shown, with all middle names, titles and suffixes, such as \"Ms. Barbara J Jensen, III\"."),
            String("familyName", "The family name, or last name in most Western languages, such as \"Jensen\"."),
            String("givenName", "The given name, or first name in most Western languages, such as \"Barbara\"."),
            String("middleName", "The middle names, such as \"Jane\"."),
            String("honorificPrefix", "A title before the name, such as \"Dr.\"."),
            String("honorificSuffix", "An addition behind the name, such as \"III\".")),
        String("displayName", "The name of the user as it is shown to people: best the full name, if it is known."),
        String("nickName", "What the user is called in everyday life, such as \"Bob\" or \"Bobby\"; no user name."),
        Reference("profileUrl", "The absolute URL of a page about the user.", "external"),
        String("title", "The user's title in the organisation, such as \"Vice President\"."),
        String("userType", "How the user belongs to the organisation, such as \"Contractor\" or \"Employee\"."),
        String("preferredLanguage", "Languages that the user prefers, as in the HTTP header Accept-Language, such as \"en-US\"."),
        String("locale", "The user's region for dates, numbers and currency, such as \"en-US\"."),
        String("timezone", "The user's time zone by its IANA name, such as \"Europe/Vienna\"."),
        Boolean("active", "Whether the user may use the service; true where it is not said. A user whom an admin disabled or deleted in the console shows as false."),
        String("password", "Accepted and dropped: it is never stored, returned or compared.") with { Mutability = Mutability.WriteOnly, Returned = Returned.Never },
        Plural("emails", "The user's email addresses. One of them may be primary; licenses and policies look at that one, else at the first.", String("value", "An email address, best in its canonical form, such as \"bjensen@example.com\"."), "work", "home", "other"),
        Plural("phoneNumbers", "The user's phone numbers.", String("value", "A phone number, best in the form of RFC 3966, such as \"tel:+1-201-555-0123\"."), "work", "home", "mobile", "fax", "pager", "other"),
        Plural("ims", "The user's instant messaging addresses.", String("value", "An instant messaging address."),
            "aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo"),
        Plural("photos", "Pictures of the user.", Reference("value", "The absolute URL of a picture file (such as GIF, JPEG or PNG), not of a page that shows it.", "external"), "photo", "thumbnail"),
        Complex("addresses", "The user's postal addresses, by their parts or formatted, as they were sent.",
            String("formatted", "The whole address as it stands on a letter."),
            String("streetAddress", "Street, house number, and what else there is before the town; may have several lines."),
            String("locality", "The city or town."),
            String("region", "The state or region."),
            String("postalCode", "The postal code."),
            String("country", "The country by its code of ISO 3166-1 alpha-2."),
            String("type", "What the address is used for.") with { CanonicalValues = ["work", "home", "other"] },
            // Not in RFC 7643 §8.7.1 but in §2.4; Entra ID and Okta send it.
            String("display", "A name for people to read."),
            Boolean("primary", "Whether this is the preferred value; true for at most one.")) with { MultiValued = true },
        ReadOnly(Complex("groups", "The groups that the user is a member of, directly. Read-only: memberships are changed by changing the groups.",
            ReadOnly(String("value", "The group's id.")),
            ReadOnly(Reference("$ref", "The group's address.", "User", "Group")),
            ReadOnly(String("display", "The group's displayName.")),
            ReadOnly(String("type", "How the user is a member; always direct, as groups do not nest.") with { CanonicalValues = ["direct", "indirect"] })))
            with { MultiValued = true },
        Plural("entitlements", "What the user is entitled to: things, rights or services, in words that the client and the tenant agree on.", String("value", "An entitlement.")),
        Plural("roles", "What the user is, collectively, such as \"Student\" or \"Faculty\"; no vocabulary is given here.", String("value", "A role; what an IdP packs into it is kept as it is.")),
        Plural("x509Certificates", "Certificates issued to the user.", Binary("value", "A certificate, DER encoded, in Base64.")),
    ]);
}
