namespace DirectoryService.Protocol;

/// <summary>URNs of RFC 7643 and RFC 7644.</summary>
public static class Urns
{
    public const string User = "urn:ietf:params:scim:schemas:core:2.0:User";
    public const string Group = "urn:ietf:params:scim:schemas:core:2.0:Group";
    public const string EnterpriseUser = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    public const string ServiceProviderConfig = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig";
    public const string ResourceType = "urn:ietf:params:scim:schemas:core:2.0:ResourceType";
    public const string Schema = "urn:ietf:params:scim:schemas:core:2.0:Schema";
    public const string ListResponse = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
    public const string SearchRequest = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";
    public const string BulkRequest = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";
    public const string BulkResponse = "urn:ietf:params:scim:api:messages:2.0:BulkResponse";
    public const string PatchOp = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
    public const string Error = "urn:ietf:params:scim:api:messages:2.0:Error";

    /// <summary>Whether a name is a URN: the name of an extension or of an attribute in one.</summary>
    public static bool IsUrn(ReadOnlySpan<char> name) => name.Length > 4 && name[..4].Equals("urn:", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the URN is reserved by the RFCs, so that no other extension may have it.</summary>
    public static bool IsReserved(ReadOnlySpan<char> urn) =>
        urn.StartsWith("urn:ietf:params:scim:schemas:core:", StringComparison.OrdinalIgnoreCase)
        || urn.StartsWith("urn:ietf:params:scim:schemas:extension:enterprise:2.0:", StringComparison.OrdinalIgnoreCase)
        || urn.StartsWith("urn:ietf:params:scim:api:", StringComparison.OrdinalIgnoreCase);
}
