namespace IdpSimulator.Providers.Okta;

/// <summary>Okta's SCIM apps come in two kinds, by how they were made.</summary>
public enum OktaAppKind
{
    /// <summary>Every change is a PUT of the whole resource.</summary>
    Put,
    /// <summary>Profiles by PUT; activation, membership and group names by PATCH.</summary>
    PutAndPatch,
}
