using static DirectoryService.Protocol.Schemas.Define;

namespace DirectoryService.Protocol.Schemas;

/// <summary>The enterprise extension of User (RFC 7643 §4.3, §8.7.1).</summary>
public static class EnterpriseSchema
{
    public static readonly Schema User = new(Urns.EnterpriseUser, "EnterpriseUser", "What an enterprise knows of a user besides.",
    [
        String("employeeNumber", "The number or text by which the organisation knows the user."),
        String("costCenter", "The cost center."),
        String("organization", "The organisation."),
        String("division", "The division."),
        String("department", "The department."),
        Complex("manager", "The user's manager.",
            String("value", "The id of the manager, a user of this directory."),
            Reference("$ref", "The manager's address, made of its id.", "User"),
            ReadOnly(String("displayName", "The manager's displayName; not shown by this service."))),
    ]);
}
