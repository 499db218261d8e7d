using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Others find its endpoints as <c>services__NAME__ENDPOINT__N</c>.</summary>
public interface IResourceWithServiceDiscovery : IResourceWithEndpoints;
