using System.Net;

namespace DirectoryService.Tests.Users;

/// <summary>PATCH on the wire, of users, of groups and within Bulk; what one operation does is in <c>Protocol/Cases/patches.json</c>.</summary>
public sealed class PatchTests(DirectoryFixture fixture)
{
    [Theory]
    [InlineData("""{"op":"add","path":"displayName"}""")]
    [InlineData("""{"op":"replace","path":"displayName"}""")]
    [InlineData("""{"op":"replace","path":"externalId"}""")]
    public async Task An_operation_without_a_value_is_refused_for_users_groups_and_in_bulk(string operation)
    {
        var scim = await fixture.DirectoryAsync();
        var user = await scim.CreateUserAsync("ada", ",\"displayName\":\"Ada\",\"externalId\":\"x\"");
        var group = (await scim.SendAsync("POST", "/Groups", """{"displayName":"Team","externalId":"x"}""")).Expect(HttpStatusCode.Created).Id;
        foreach (var path in (string[])[$"/Users/{user}", $"/Groups/{group}"])
        {
            var before = (await scim.GetAsync(path)).Body!.ToJsonString();
            (await scim.PatchAsync(path, operation)).Refused(400, "invalidValue");
            var bulk = await scim.SendAsync("POST", "/Bulk",
                $$$"""{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":[{"method":"PATCH","path":"{{{path}}}","data":{"Operations":[{{{operation}}}]}}]}""");
            var answer = bulk.Expect(HttpStatusCode.OK).Body!["Operations"]![0]!;
            Assert.Equal(("400", "invalidValue"), (answer["status"]!.GetValue<string>(), answer["response"]!["scimType"]!.GetValue<string>()));
            Assert.Equal(before, (await scim.GetAsync(path)).Body!.ToJsonString());
        }
    }

    [Theory]
    [InlineData("add")]
    [InlineData("replace")]
    public async Task Members_are_not_changed_without_a_value(string op)
    {
        var scim = await fixture.DirectoryAsync();
        var ada = await scim.CreateUserAsync("ada");
        var group = await scim.CreateGroupAsync("Team", ada);
        (await scim.PatchAsync($"/Groups/{group}", $$"""{"op":"{{op}}","path":"members"}""")).Refused(400, "invalidValue");
        Assert.Single(await scim.MembersAsync(group));
        (await scim.PatchAsync($"/Groups/{group}", """{"op":"add","path":"members","value":null}""")).Expect(HttpStatusCode.NoContent);
        (await scim.PatchAsync($"/Groups/{group}", """{"op":"add","path":"members","value":[]}""")).Expect(HttpStatusCode.NoContent);
        Assert.Single(await scim.MembersAsync(group));
        (await scim.PatchAsync($"/Groups/{group}", """{"op":"replace","path":"members","value":null}""")).Expect(HttpStatusCode.NoContent);
        Assert.Empty(await scim.MembersAsync(group));
    }

    [Theory]
    [InlineData("EntraId", 200)]
    [InlineData("Generic", 400)]
    [InlineData("Okta", 400)]
    public async Task An_element_that_is_missing_is_made_for_the_provider_that_relies_on_it(string provider, int status)
    {
        var scim = await fixture.DirectoryAsync(provider);
        var user = await scim.CreateUserAsync("ada");
        var answer = await scim.PatchAsync($"/Users/{user}", """{"op":"replace","path":"emails[type eq \"work\"].value","value":"n@x"}""");
        Assert.Equal(status, (int)answer.Status);
        if (status == 400) answer.Refused(400, "noTarget");
        Assert.Equal(status == 200, (await scim.GetAsync($"/Users/{user}")).Body!.ContainsKey("emails"));
        (await scim.PatchAsync($"/Users/{user}", """{"op":"replace","path":"emails[type eq “work”].value","value":"n@x"}""")).Refused(400, "invalidFilter");
    }

    /// <summary><c>active</c> is optional, and true where it is not said: to remove it activates, and obeys the tables of an activation.</summary>
    [Theory]
    [InlineData("""{"op":"remove","path":"active"}""")]
    [InlineData("""{"op":"replace","path":"active","value":null}""")]
    [InlineData("""{"op":"replace","value":{"active":null}}""")]
    [InlineData("""{"op":"remove","path":"urn:ietf:params:scim:schemas:core:2.0:User:ACTIVE"}""")]
    public async Task To_remove_active_is_an_activation(string operation)
    {
        foreach (var provider in (string[])["Generic", "EntraId"])
        {
            var scim = await fixture.DirectoryAsync(provider);
            var user = await scim.CreateUserAsync("ada", ",\"active\":false");
            Assert.True((await scim.PatchAsync($"/Users/{user}", operation)).Expect(HttpStatusCode.OK).Active);
            Assert.True((await scim.GetAsync($"/Users/{user}")).Active);
            Assert.True((await scim.PatchAsync($"/Users/{user}", operation)).Expect(HttpStatusCode.OK).Active);

            using var admin = await fixture.AdminAsync();
            var id = await fixture.ScalarAsync<Guid>("SELECT id FROM users WHERE scim_id = $1", user);
            (await admin.PostAsync($"/api/v1/users/{id}/disable", null)).EnsureSuccessStatusCode();
            var answer = await scim.PatchAsync($"/Users/{user}", operation);
            if (provider == "Generic") answer.Refused(400, "mutability");
            else Assert.True(answer.Expect(HttpStatusCode.OK).Active);
        }
    }

    [Fact]
    public async Task Equal_values_are_stored_once_by_every_write()
    {
        var scim = await fixture.DirectoryAsync();
        const string twice = "\"emails\":[{\"type\":\"work\",\"value\":\"a@x\"},{\"type\":\"work\",\"value\":\"a@x\",\"primary\":true}]";
        var posted = (await scim.SendAsync("POST", "/Users", $$"""{"userName":"ada",{{twice}}}""")).Expect(HttpStatusCode.Created);
        AssertOne(posted);
        var version = posted.Headers.ETag!.ToString();
        var put = (await scim.SendAsync("PUT", $"/Users/{posted.Id}", $$"""{"userName":"ada",{{twice}}}""")).Expect(HttpStatusCode.OK);
        AssertOne(put);
        Assert.Equal(version, put.Headers.ETag!.ToString());
        AssertOne((await scim.PatchAsync($"/Users/{posted.Id}", $$$"""{"op":"replace","value":{{{{twice}}}} }""")).Expect(HttpStatusCode.OK));
        AssertOne((await scim.PatchAsync($"/Users/{posted.Id}", $$$"""{"op":"add","value":{{{{twice}}}} }""")).Expect(HttpStatusCode.OK));

        static void AssertOne(Answer answer)
        {
            var email = Assert.Single(answer.Body!["emails"]!.AsArray())!;
            Assert.Equal(("a@x", true), (email["value"]!.GetValue<string>(), email["primary"]!.GetValue<bool>()));
        }
    }
}
