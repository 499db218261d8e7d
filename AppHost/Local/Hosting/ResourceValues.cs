using Aspire.Hosting.ApplicationModel;
using LocalRuntime.Dashboard;

namespace LocalRuntime.Hosting;

/// <summary>What the annotations of a resource come to when it starts.</summary>
internal static class ResourceValues
{
    internal static async Task<IReadOnlyList<ResourceVariable>> EnvironmentAsync(IResource resource, CancellationToken cancellationToken)
    {
        var values = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
            annotation.Callback(new EnvironmentCallbackContext(values));
        var variables = new List<ResourceVariable>(values.Count);
        foreach (var (name, value) in values)
            variables.Add(new(name, await TextAsync(value, cancellationToken), IsSecret(value)));
        return variables;
    }

    internal static async Task<IReadOnlyList<string>> ArgumentsAsync(IResource resource, CancellationToken cancellationToken)
    {
        var values = new List<object>();
        foreach (var annotation in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>()) annotation.Callback(values);
        var texts = new List<string>(values.Count);
        foreach (var value in values) texts.Add(await TextAsync(value, cancellationToken));
        return texts;
    }

    /// <summary>Whether showing the value would show a secret.</summary>
    internal static bool IsSecret(object value) => value switch
    {
        ParameterResource parameter => parameter.Secret,
        ReferenceExpression expression => expression.Holes.Any(IsSecret),
        IResourceWithConnectionString source => IsSecret(source.ConnectionStringExpression),
        _ => false,
    };

    private static async ValueTask<string> TextAsync(object value, CancellationToken cancellationToken) =>
        value is IValueProvider provider ? await provider.GetValueAsync(cancellationToken) ?? "" : value.ToString() ?? "";
}
