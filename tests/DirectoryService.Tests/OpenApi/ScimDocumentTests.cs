using System.Reflection;
using DirectoryService.OpenApi;
using DirectoryService.Protocol;
using DirectoryService.Protocol.Schemas;
using Microsoft.OpenApi;
using Testing;

namespace DirectoryService.Tests.OpenApi;

public sealed class ScimDocumentTests(DirectoryFixture fixture)
{
    private const string Base = "/scim/v2/{account}/{directory}";

    private static readonly OpenApiDocument Document = ApiDescription.Parse(ScimDocument.Create().ToJsonString());

    [Fact]
    public void Every_endpoint_is_in_the_document_and_nothing_else()
    {
        var endpoints = ApiDescription.Endpoints(fixture.Services, Base).Select(endpoint => $"{endpoint.Method} {(endpoint.Path == Base ? "/" : endpoint.Path[Base.Length..])}").ToList();
        var described = from path in Document.Paths from operation in path.Value.Operations! select $"{operation.Key} {path.Key}";
        // Wherever there is GET there is HEAD, of which nothing is to be said.
        var (heads, others) = (endpoints.Where(IsHead).Select(one => one["HEAD ".Length..]), endpoints.Where(one => !IsHead(one)).ToList());
        Assert.Equal(others.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
        Assert.Equal(others.Where(one => one.StartsWith("GET ", StringComparison.Ordinal)).Select(one => one["GET ".Length..]).Order(StringComparer.Ordinal), heads.Order(StringComparer.Ordinal));

        static bool IsHead(string endpoint) => endpoint.StartsWith("HEAD ", StringComparison.Ordinal);
    }

    [Fact]
    public void Names_of_operations_are_unique()
    {
        var ids = OperationTable.All.Select(operation => operation.Id).ToList();
        Assert.Equal(ids.Count, ids.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void The_error_words_are_those_that_the_service_knows()
    {
        var known = typeof(ScimException).GetMethods(BindingFlags.Public | BindingFlags.Static)
            .Where(factory => factory.ReturnType == typeof(ScimException))
            .Select(factory => ((ScimException)factory.Invoke(null, ["detail"])!).ScimType).OfType<string>().Distinct();
        Assert.Equal(known.Order(StringComparer.Ordinal), ErrorResponseDefinitions.ScimTypes.Order(StringComparer.Ordinal));
        var used = OperationTable.All.SelectMany(operation => operation.ScimTypes).Concat(["uniqueness"]).Distinct();
        Assert.Equal(known.Order(StringComparer.Ordinal), used.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Resources_have_the_attributes_of_their_schemas()
    {
        foreach (var type in (ResourceSchema[])[ResourceSchema.User, ResourceSchema.Group])
        {
            var described = Document.Components!.Schemas![type.Name].Properties!;
            Assert.Equal(
                [.. ResourceSchema.Common.Concat(type.Core.Attributes).Select(attribute => attribute.Name), .. type.Extensions.Select(extension => extension.Id)],
                described.Keys);
            foreach (var attribute in type.Core.Attributes)
            {
                var property = described[attribute.Name];
                Assert.Equal(attribute.Mutability == Mutability.ReadOnly, property.ReadOnly);
                Assert.Equal(attribute.MultiValued, property.Type == JsonSchemaType.Array);
                if (attribute.SubAttributes.Count == 0) continue;
                Assert.Equal(attribute.SubAttributes.Select(sub => sub.Name), (attribute.MultiValued ? property.Items! : property).Properties!.Keys);
            }
        }
    }

    [Fact]
    public async Task Whoever_reaches_the_service_may_read_it()
    {
        var served = ApiDescription.Parse(await fixture.Http.GetStringAsync("/internal/openapi/scim.json"));
        Assert.Equal(Document.Paths.Keys, served.Paths.Keys);
    }
}
