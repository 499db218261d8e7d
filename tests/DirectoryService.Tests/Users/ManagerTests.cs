using System.Net;
using System.Text.Json.Nodes;

namespace DirectoryService.Tests.Users;

public sealed class ManagerTests(DirectoryFixture fixture)
{
    private const string Enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

    /// <summary>An absolute address, made when it is shown: whatever was sent, and however it is asked for.</summary>
    [Theory]
    [InlineData("{\"value\":\"BOSS\"}")]
    [InlineData("{\"value\":\"BOSS\",\"$ref\":\"../Users/BOSS\"}")]
    [InlineData("{\"value\":\"BOSS\",\"$ref\":\"https://elsewhere.example/scim/Users/BOSS\"}")]
    [InlineData("\"BOSS\"")]
    public async Task A_managers_address_can_be_followed(string manager)
    {
        var scim = await fixture.DirectoryAsync();
        var boss = await scim.CreateUserAsync("boss");
        var sent = manager.Replace("BOSS", boss.ToString(), StringComparison.Ordinal);
        var posted = (await scim.SendAsync("POST", "/Users", With("ada", sent))).Expect(HttpStatusCode.Created);
        var user = posted.Id;
        // As it was stored once.
        await using (var command = fixture.Db.CreateCommand("""
            UPDATE users SET document = jsonb_set(document, ARRAY[$3, 'manager', '$ref'], '"../Users/x"') WHERE scim_id = $1 AND $2
            """))
        {
            command.Parameters.Add(new Npgsql.NpgsqlParameter<Guid> { TypedValue = user });
            command.Parameters.Add(new Npgsql.NpgsqlParameter<bool> { TypedValue = sent.StartsWith('"') });
            command.Parameters.Add(new Npgsql.NpgsqlParameter<string> { TypedValue = Enterprise });
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
        var address = $"{scim.BaseUrl}/Users/{boss}";
        JsonNode?[] shown =
        [
            posted.Body,
            (await scim.GetAsync($"/Users/{user}")).Body,
            (await scim.GetAsync($"/Users/{user}?attributes={Enterprise}:manager.$ref")).Body,
            (await scim.GetAsync($"/Users/{user}?attributes={Enterprise}")).Body,
            (await scim.FilterAsync("Users", "userName eq \"ada\"")).Body!["Resources"]![0],
            (await scim.FilterAsync("Users", $"{Enterprise}:manager.$ref eq \"{address}\"")).Body!["Resources"]![0],
            (await scim.PatchAsync($"/Users/{user}", """{"op":"add","path":"title","value":"Dr"}""")).Body,
        ];
        Assert.All(shown, one => Assert.Equal(address, one![Enterprise]!["manager"]!["$ref"]!.GetValue<string>()));
        Assert.Equal("IT", shown[1]![Enterprise]!["department"]!.GetValue<string>());
        (await scim.GetAsync(address[scim.BaseUrl.Length..])).Expect(HttpStatusCode.OK);
        // What is said again changes nothing.
        var version = (await scim.GetAsync($"/Users/{user}")).Headers.ETag;
        Assert.Equal(version, (await scim.PatchAsync($"/Users/{user}", $$"""{"op":"replace","path":"manager","value":{{sent}} }""")).Expect(HttpStatusCode.OK).Headers.ETag);
        var eve = (await scim.SendAsync("POST", "/Users", With("eve", sent))).Expect(HttpStatusCode.Created).Id;
        Assert.DoesNotContain("$ref", await fixture.ScalarAsync<string>("SELECT document::text FROM users WHERE scim_id = $1", eve), StringComparison.Ordinal);
    }

    private static string With(string userName, string manager) => new JsonObject
    {
        ["userName"] = userName,
        [Enterprise] = new JsonObject { ["department"] = "IT", ["manager"] = JsonNode.Parse(manager) },
    }.ToJsonString();
}
