using static DirectoryService.Protocol.Schemas.AttributeShorthand;

namespace DirectoryService.Protocol.Schemas;

/// <summary>The enterprise extension of User (RFC 7643 §4.3, §8.7.1).</summary>
public static class EnterpriseSchema
{
    public static readonly Schema User = new(Urns.EnterpriseUser, "EnterpriseUser", "What an enterprise knows of a user besides.",
    [
        String("employeeNumber", "The number or text by which the organisation knows the user, often given in the order of hire or by position."),
        String("costCenter", "The name of the cost center to which the user is booked."),
        String("organization", "The name of the organisation to which the user belongs."),
        String("division", "The name of the division in which the user works."),
        String("department", "The name of the department in which the user works."),
        Complex("manager", "The user's manager: another user of the directory, by whose id an organisation's hierarchy can be followed.",
            String("value", "The id of the manager, a user of this directory."),
            Reference("$ref", "The manager's address, made of its id.", "User"),
            ReadOnly(String("displayName", "What the manager is called, if it is a user of this directory: its displayName, else its formatted name or userName."))),
    ]);
}
