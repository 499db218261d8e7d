namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value that is known only once the system starts: a port, a generated password.</summary>
public interface IValueProvider
{
    ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default);
}

/// <summary>How the value is written in a manifest; here it names the value in messages.</summary>
public interface IManifestExpressionProvider
{
    string ValueExpression { get; }
}
