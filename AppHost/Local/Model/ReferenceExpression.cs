using System.Runtime.CompilerServices;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Text with holes that are filled when the value is asked for.</summary>
public sealed class ReferenceExpression : IValueProvider, IManifestExpressionProvider
{
    private readonly IReadOnlyList<object> _parts;

    private ReferenceExpression(IReadOnlyList<object> parts) => _parts = parts;

    public static ReferenceExpression Create(in ExpressionInterpolatedStringHandler handler) => new(handler.Parts);

    public string ValueExpression => string.Concat(_parts.Select(part => part is IManifestExpressionProvider hole ? hole.ValueExpression : part));

    public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default)
    {
        var texts = new List<string?>(_parts.Count);
        foreach (var part in _parts)
            texts.Add(part is IValueProvider hole ? await hole.GetValueAsync(cancellationToken) : (string)part);
        return string.Concat(texts);
    }

    /// <summary>The holes, for whoever must know whether one of them is a secret.</summary>
    internal IEnumerable<IValueProvider> Holes => _parts.OfType<IValueProvider>();

    [InterpolatedStringHandler]
    public readonly ref struct ExpressionInterpolatedStringHandler(int literalLength, int formattedCount)
    {
        internal List<object> Parts { get; } = new(literalLength == 0 ? formattedCount : 2 * formattedCount + 1);

        public void AppendLiteral(string value) => Parts.Add(value);

        public void AppendFormatted(string? value) => Parts.Add(value ?? "");

        public void AppendFormatted<T>(T valueProvider) where T : IValueProvider, IManifestExpressionProvider => Parts.Add(valueProvider);

        public void AppendFormatted<T>(IResourceBuilder<T> valueProvider) where T : IResource, IValueProvider, IManifestExpressionProvider =>
            Parts.Add(valueProvider.Resource);
    }
}
