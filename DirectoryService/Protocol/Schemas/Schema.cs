namespace DirectoryService.Protocol.Schemas;

/// <summary>A schema: a URN and its attributes.</summary>
public sealed record Schema(string Id, string Name, string Description, IReadOnlyList<AttributeDefinition> Attributes)
{
    public AttributeDefinition? Find(string name) =>
        Attributes.FirstOrDefault(attribute => AttributeDefinition.NameEquals(attribute.Name, name));
}
