namespace DirectoryService.Protocol.Schemas;

/// <summary>A resource type: its core schema, the common attributes of RFC 7643 §3.1, and its extensions.</summary>
public sealed record ResourceSchema(string Name, string Endpoint, Schema Core, IReadOnlyList<Schema> Extensions)
{
    public static readonly ResourceSchema User = new("User", "/Users", UserSchema.Core, [EnterpriseSchema.User]);
    public static readonly ResourceSchema Group = new("Group", "/Groups", GroupSchema.Core, []);

    /// <summary>Common attributes, which every resource has and no schema contains.</summary>
    public static readonly IReadOnlyList<AttributeDefinition> Common =
    [
        new("id", AttributeType.String) { CaseExact = true, Mutability = Mutability.ReadOnly, Returned = Returned.Always },
        new("externalId", AttributeType.String) { CaseExact = true },
        new("schemas", AttributeType.Reference) { MultiValued = true, CaseExact = true, Returned = Returned.Always },
        new("meta", AttributeType.Complex)
        {
            Mutability = Mutability.ReadOnly,
            SubAttributes =
            [
                new("resourceType", AttributeType.String) { CaseExact = true, Mutability = Mutability.ReadOnly },
                new("created", AttributeType.DateTime) { Mutability = Mutability.ReadOnly },
                new("lastModified", AttributeType.DateTime) { Mutability = Mutability.ReadOnly },
                new("location", AttributeType.Reference) { CaseExact = true, Mutability = Mutability.ReadOnly },
                new("version", AttributeType.String) { CaseExact = true, Mutability = Mutability.ReadOnly },
            ],
        },
    ];

    /// <summary>An attribute of the core schema or a common one.</summary>
    public AttributeDefinition? FindCore(string name) =>
        Core.Find(name) ?? Common.FirstOrDefault(attribute => AttributeDefinition.NameEquals(attribute.Name, name));

    public Schema? FindExtension(string urn) =>
        Extensions.FirstOrDefault(extension => AttributeDefinition.NameEquals(extension.Id, urn));
}
