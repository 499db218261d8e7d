namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value from the configuration (<c>Parameters:NAME</c>), or generated once and kept.</summary>
public class ParameterResource(string name, Func<ParameterDefault?, string> callback, bool secret = false)
    : Resource(name), IValueProvider, IManifestExpressionProvider
{
    private readonly Lazy<string> _value = new(() => callback(null));

    public bool Secret => secret;

    public string ValueExpression => $"{{{Name}.value}}";

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(_value.Value);
}
