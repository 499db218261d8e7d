namespace Aspire.Hosting;

/// <summary>Implemented by the classes in the namespace <c>Projects</c> that the build writes, one per project reference.</summary>
public interface IProjectMetadata
{
    string ProjectPath { get; }
}
