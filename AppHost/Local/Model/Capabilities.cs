namespace Aspire.Hosting.ApplicationModel;

// What a resource can be given; the extension methods are constrained by these.

public interface IResourceWithEnvironment : IResource;

public interface IResourceWithArgs : IResource;

public interface IResourceWithEndpoints : IResource;

public interface IResourceWithWaitSupport : IResource;

public interface IResourceWithParent<out T> : IResource where T : IResource
{
    T Parent { get; }
}

public interface IResourceWithConnectionString : IResource, IValueProvider, IManifestExpressionProvider
{
    ReferenceExpression ConnectionStringExpression { get; }
}
