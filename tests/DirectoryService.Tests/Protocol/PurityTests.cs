using System.Reflection;
using DirectoryService.Protocol;

namespace DirectoryService.Tests.Protocol;

public sealed class PurityTests
{
    /// <summary>Protocol and Lifecycle know neither the database nor the web: every type they mention is theirs, the contracts', or the base library's.</summary>
    [Theory]
    [InlineData("DirectoryService.Protocol")]
    [InlineData("DirectoryService.Lifecycle")]
    public void The_protocol_and_the_lifecycle_are_pure(string ns)
    {
        var types = typeof(ScimException).Assembly.GetTypes().Where(type => type.Namespace?.StartsWith(ns, StringComparison.Ordinal) == true).ToList();
        Assert.NotEmpty(types);
        var impure = types.SelectMany(Mentioned).Distinct()
            .Where(type => type.Namespace is { } space && (space.StartsWith("Npgsql", StringComparison.Ordinal)
                || space.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) || space.StartsWith("Microsoft.Extensions", StringComparison.Ordinal)
                || space.StartsWith("DirectoryService.S", StringComparison.Ordinal) || space.StartsWith("DirectoryService.Events", StringComparison.Ordinal)));
        Assert.Empty(impure);
    }

    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static IEnumerable<Type> Mentioned(Type type) =>
        type.GetFields(All).Select(field => field.FieldType)
            .Concat(type.GetMethods(All).SelectMany(method => method.GetParameters().Select(parameter => parameter.ParameterType)
                .Append(method.ReturnType).Concat(method.GetMethodBody()?.LocalVariables.Select(local => local.LocalType) ?? [])));
}
