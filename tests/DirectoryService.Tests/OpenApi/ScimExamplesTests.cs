using System.Globalization;
using DirectoryService.OpenApi;

namespace DirectoryService.Tests.OpenApi;

/// <summary>The examples of the document, sent to the service as they stand there.</summary>
public sealed class ScimExamplesTests(DirectoryFixture fixture)
{
    /// <summary>The ids that the examples use for a user and a group that are there.</summary>
    private const string ExampleUser = "2819c223-7f76-453a-919d-413861904646";
    private const string ExampleGroup = "e9e30dba-f08f-4109-8486-d5c6a331660a";

    public static TheoryData<string, string> Examples => [.. OperationTable.All.SelectMany(operation => operation.Examples.Select(example => (operation.Id, example)))];

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task An_example_is_answered_as_the_document_says(string id, string example)
    {
        var operation = OperationTable.All.Single(one => one.Id == id);
        var scim = await fixture.DirectoryAsync("Okta");
        var user = await scim.CreateUserAsync("there@example.com", """,  "emails": [{ "type": "work", "value": "there@example.com" }]""");
        var group = await scim.CreateGroupAsync("There", user);
        var target = operation.Tag == "Users" ? user : group;

        var answer = await scim.SendAsync(operation.Method, operation.Path.Replace("{id}", target.ToString(), StringComparison.Ordinal), Body(operation, example)
            .Replace(ExampleUser, user.ToString(), StringComparison.Ordinal).Replace(ExampleGroup, group.ToString(), StringComparison.Ordinal));

        var described = operation.Answers.SingleOrDefault(one => one.Status == ((int)answer.Status).ToString(CultureInfo.InvariantCulture));
        Assert.True(described is not null, $"{(int)answer.Status}: {answer.Body}");
        Assert.Equal(described.Schema is not null, answer.Body is not null);
        Assert.Equal(described.HasVersion, answer.Headers.ETag is not null);
        Assert.Equal(described.HasLocation, answer.Headers.Location is not null);
        if (example == "bulk") Assert.All(answer.Body!["Operations"]!.AsArray(), one => Assert.Equal("201", one!["status"]!.GetValue<string>()));
    }

    private static string Body(OperationDefinition operation, string example) =>
        operation.ToJson()["requestBody"]!["content"]![OperationTable.MediaType]!["examples"]![example]!["value"]!.ToJsonString();
}
