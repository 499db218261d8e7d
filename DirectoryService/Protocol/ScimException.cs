namespace DirectoryService.Protocol;

/// <summary>
/// A SCIM error response. One factory per error of RFC 7644 §3.12 (Table 9) and RFC 9865 §2.1; <c>Scim/ScimErrors</c> writes
/// all of them. IdP admins see the messages, so they say what to do.
/// </summary>
public sealed class ScimException : Exception
{
    private ScimException(int status, string? scimType, string detail) : base(detail) => (Status, ScimType) = (status, scimType);

    public int Status { get; }

    /// <summary>The detail error keyword of RFC 7644 Table 9, where one is defined.</summary>
    public string? ScimType { get; }

    public static ScimException InvalidFilter(string detail) => new(400, "invalidFilter", detail);
    public static ScimException TooMany(string detail) => new(400, "tooMany", detail);
    public static ScimException Mutability(string detail) => new(400, "mutability", detail);
    public static ScimException InvalidSyntax(string detail) => new(400, "invalidSyntax", detail);
    public static ScimException InvalidPath(string detail) => new(400, "invalidPath", detail);
    public static ScimException NoTarget(string detail) => new(400, "noTarget", detail);
    public static ScimException InvalidValue(string detail) => new(400, "invalidValue", detail);
    public static ScimException InvalidCursor(string detail) => new(400, "invalidCursor", detail);
    public static ScimException ExpiredCursor(string detail) => new(400, "expiredCursor", detail);
    public static ScimException InvalidCount(string detail) => new(400, "invalidCount", detail);
    public static ScimException Uniqueness(string detail) => new(409, "uniqueness", detail);
    public static ScimException Unauthorized(string detail) => new(401, null, detail);
    public static ScimException Forbidden(string detail) => new(403, null, detail);
    public static ScimException NotFound(string detail) => new(404, null, detail);
    public static ScimException PreconditionFailed(string detail) => new(412, null, detail);
    public static ScimException TooLarge(string detail) => new(413, null, detail);
    public static ScimException UnsupportedMediaType(string detail) => new(415, null, detail);
    public static ScimException NotImplemented(string detail) => new(501, null, detail);
    public static ScimException Unavailable(string detail) => new(503, null, detail);
}
