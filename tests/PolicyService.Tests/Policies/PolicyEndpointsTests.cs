using System.Net;
using Contracts.Events.V1;
using Microsoft.Extensions.DependencyInjection;
using ServiceDefaults.Access;

namespace PolicyService.Tests.Policies;

public sealed class PolicyEndpointsTests(PolicySystem system)
{
    private const string NobodyMore =
        """
        "kind":"access","action":"allow","everyone":false,"userIds":[],"users":[],"directoryIds":[],"directories":[],"excludedUserIds":[],"excludedUsers":[],"excludedGroupIds":[],"excludedGroups":[],"excludedDirectoryIds":[],"excludedDirectories":[]
        """;

    private readonly Guid account = Guid.NewGuid();

    private async Task<Guid> GroupAsync(string displayName, GroupStatus status = GroupStatus.Live, Guid? of = null)
    {
        var group = new TestGroup(of ?? account, displayName);
        await system.ApplyAsync(group.Is(status));
        return group.Id;
    }

    [Fact]
    public async Task A_policy_is_made_read_changed_and_deleted()
    {
        using var client = system.Client(account);
        var (sales, staff) = (await GroupAsync("Sales", GroupStatus.Disabled), await GroupAsync("Staff"));
        var made = await client.PostAsync("policies", new { name = " Access ", groupIds = new[] { staff, sales, staff } });
        Assert.Equal(HttpStatusCode.Created, made.Status);
        var id = made.Body.GetProperty("id").GetGuid();
        Assert.Equal($"/api/v1/policies/{id}", made.Location);
        Assert.Equal(
            $$$"""{"id":"{{{id}}}","name":"Access","enabled":true,"order":0,"groupIds":["{{{sales}}}","{{{staff}}}"],"groups":[{"id":"{{{sales}}}","displayName":"Sales","status":"disabled"},{"id":"{{{staff}}}","displayName":"Staff","status":"live"}],{{{NobodyMore}}}}""",
            made.Body.GetRawText());
        Assert.Equal(made.Body.GetRawText(), (await client.GetAsync($"policies/{id}")).Body.GetRawText());
        Assert.Equal($$"""{"items":[{{made.Body.GetRawText()}}]}""", (await client.GetAsync("policies")).Body.GetRawText());

        var other = await GroupAsync("Other");
        var changed = await client.PutAsync($"policies/{id}", new { name = "ACCESS", groupIds = new[] { other, staff }, order = 7 });
        Assert.Equal(
            $$$"""{"id":"{{{id}}}","name":"ACCESS","enabled":true,"order":7,"groupIds":["{{{other}}}","{{{staff}}}"],"groups":[{"id":"{{{other}}}","displayName":"Other","status":"live"},{"id":"{{{staff}}}","displayName":"Staff","status":"live"}],{{{NobodyMore}}}}""",
            changed.Body.GetRawText());

        Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync($"policies/{id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await client.DeleteAsync($"policies/{id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"policies/{id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await client.PutAsync($"policies/{id}", new { name = "A", groupIds = Array.Empty<Guid>() })).Status);
    }

    [Fact]
    public async Task Policies_stand_in_their_order_and_a_new_one_comes_last()
    {
        using var client = system.Client(account);
        await client.PostAsync("policies", new { name = "b", groupIds = Array.Empty<Guid>(), order = 5 });
        await client.PolicyAsync("c");
        await client.PostAsync("policies", new { name = "A", groupIds = Array.Empty<Guid>(), order = 5 });
        await client.PostAsync("policies", new { name = "first", groupIds = Array.Empty<Guid>(), order = 1 });
        var items = (await client.GetAsync("policies")).Body.GetProperty("items").EnumerateArray();
        Assert.Equal(["first 1", "A 5", "b 5", "c 6"], items.Select(item => $"{item.GetProperty("name")} {item.GetProperty("order")}"));
    }

    [Fact]
    public async Task A_name_is_used_once_in_an_account_whatever_its_case()
    {
        using var client = system.Client(account);
        var first = await client.PolicyAsync("Ärzte");
        var clash = await client.PostAsync("policies", new { name = "äRZTE", groupIds = Array.Empty<Guid>() });
        Assert.Equal(HttpStatusCode.Conflict, clash.Status);
        Assert.Equal("nameTaken", clash.Reason);
        var second = await client.PolicyAsync("Pflege");
        Assert.Equal("nameTaken", (await client.PutAsync($"policies/{second}", new { name = "ärzte", groupIds = Array.Empty<Guid>() })).Reason);
        Assert.Equal(HttpStatusCode.OK, (await client.PutAsync($"policies/{first}", new { name = "ärzte", groupIds = Array.Empty<Guid>() })).Status);
        using var stranger = system.Client(Guid.NewGuid());
        await stranger.PolicyAsync("Ärzte");
    }

    [Fact]
    public async Task Groups_that_the_account_does_not_have_are_named_in_the_refusal()
    {
        using var client = system.Client(account);
        var (own, foreign, unknown) = (await GroupAsync("Staff"), await GroupAsync("Theirs", of: Guid.NewGuid()), Guid.NewGuid());
        var answer = await client.PostAsync("policies", new { name = "Access", groupIds = new[] { own, foreign, unknown } });
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains(foreign.ToString(), answer.Detail, StringComparison.Ordinal);
        Assert.Contains(unknown.ToString(), answer.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(own.ToString(), answer.Detail, StringComparison.Ordinal);
        Assert.Equal("""{"items":[]}""", (await client.GetAsync("policies")).Body.GetRawText());
    }

    [Fact]
    public async Task A_group_whose_fact_is_on_its_way_is_waited_for()
    {
        system.Directory.Current[account] = null;
        using var client = system.Client(account);
        var group = new TestGroup(account, "Staff");
        var made = client.PostAsync("policies", new { name = "Access", groupIds = new[] { group.Id } });
        // Whoever does not wait would have answered by now.
        for (var other = 0; other < 5; other++) await client.GetAsync("policies");
        Assert.False(made.IsCompleted);
        await system.PublishAsync(group.Is());
        Assert.Equal(HttpStatusCode.Created, (await made).Status);
    }

    [Fact]
    public async Task A_policy_for_everyone_names_no_groups()
    {
        using var client = system.Client(account);
        var made = await client.PostAsync("policies", new { name = "Everyone", everyone = true });
        Assert.Equal(HttpStatusCode.Created, made.Status);
        Assert.Equal(0, made.Body.GetProperty("groupIds").GetArrayLength());
    }

    [Theory]
    [InlineData("""{"name":"a","everyone":false}""")]
    [InlineData("""{"name":"a","everyone":false,"excludedGroupIds":[]}""")]
    public async Task A_new_policy_is_for_somebody(string body)
    {
        using var client = system.Client(account);
        var answer = await client.PostAsync("policies", body);
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains("whom the policy is for", answer.Detail, StringComparison.Ordinal);
        // One that is there may cease to be for everyone.
        var policy = await client.PolicyAsync(new { name = "All", everyone = true });
        Assert.Equal(HttpStatusCode.OK, (await client.PutAsync($"policies/{policy}", """{"name":"All","everyone":false}""")).Status);
    }

    [Theory]
    [InlineData("""{"groupIds":[]}""", "'name'")]
    [InlineData("""{"name":"  ","groupIds":[]}""", "'name'")]
    [InlineData("""{"name":"a\u0000b","groupIds":[]}""", "'name'")]
    [InlineData("""{"name":"\u200b","groupIds":[]}""", "'name'")]
    [InlineData("""{"name":"a"}""", "'groupIds'")]
    [InlineData("""{"name":"a","groupIds":[],"colour":"red"}""", "'colour'")]
    [InlineData("""{"name":"a","name":"b","groupIds":[]}""", "more than once")]
    [InlineData("""{"name":"a","groupIds":[],"order":-1}""", "'order'")]
    [InlineData("""{"name":"a","groupIds":["x"]}""", "'groupIds[0]' must be an id")]
    [InlineData("""{"name":"a","groupIds":[""", "no valid JSON")]
    [InlineData("""{"name":"\ud800","groupIds":[]}""", "'name' must be text in valid Unicode")]
    public async Task A_body_that_is_wrong_is_answered_with_what_is_wrong(string body, string expected)
    {
        using var client = system.Client(account);
        foreach (var answer in (Answer[])[await client.PostAsync("policies", body), await client.PutAsync($"policies/{Guid.NewGuid()}", body)])
        {
            Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
            Assert.Contains(expected, answer.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Another_account_s_policy_is_not_there()
    {
        using var owner = system.Client(account);
        var policy = await owner.PolicyAsync("Access");
        using var stranger = system.Client(Guid.NewGuid());
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"policies/{policy}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.PutAsync($"policies/{policy}", new { name = "Mine", groupIds = Array.Empty<Guid>() })).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.DeleteAsync($"policies/{policy}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await owner.GetAsync($"policies/{policy}")).Status);
    }

    [Fact]
    public async Task An_auditor_may_look_but_not_change_policies()
    {
        using var owner = system.Client(account);
        var policy = await owner.PolicyAsync("Access");
        using var auditor = system.Client(account, AdminRole.Auditor);
        var body = new { name = "Other", groupIds = Array.Empty<Guid>() };
        Assert.Equal(HttpStatusCode.OK, (await auditor.GetAsync($"policies/{policy}")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await auditor.PostAsync("policies", body)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await auditor.PutAsync($"policies/{policy}", body)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await auditor.DeleteAsync($"policies/{policy}")).Status);
    }
}
