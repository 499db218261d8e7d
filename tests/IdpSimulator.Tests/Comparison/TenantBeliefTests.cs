using IdpSimulator.AdminConsole;
using IdpSimulator.Comparison;
using IdpSimulator.Expectations;
using IdpSimulator.Tenants;

namespace IdpSimulator.Tests.Comparison;

/// <summary>Every kind of disagreement is found, and told in a sentence.</summary>
public sealed class TenantBeliefTests
{
    private readonly Tenant tenant = new TenantFactory("run").Create("t", 2, 1, () => Guid.NewGuid().ToString());

    public TenantBeliefTests()
    {
        foreach (var user in tenant.Users)
            (user.ScimId, user.InternalId, user.Standing) = (Guid.NewGuid().ToString(), Guid.NewGuid(), new ExpectedUserState { IdpActive = true });
        (Group.ScimId, Group.InternalId, Group.Standing) = (Guid.NewGuid().ToString(), Guid.NewGuid(), new ExpectedGroupState());
        Group.Join(tenant.Users);
    }

    private TenantUser User => tenant.Users[0];
    private TenantGroup Group => tenant.Groups[0];
    private HashSet<Guid> Everybody => [.. tenant.Users.Select(user => user.InternalId!.Value)];

    [Fact]
    public void A_system_that_agrees_differs_in_nothing()
    {
        User.Licensed = true;
        Assert.Empty(ConsoleComparison.Of(tenant, tenant.Users.Select(user => Row(user))));
        Assert.Empty(ConsoleComparison.Of(tenant, [new ConsoleGroup(Group.InternalId!.Value, Guid.Parse(Group.ScimId!), "", "live")]));
        Assert.Empty(EffectComparison.Licenses(tenant, [User.InternalId!.Value]));
        Assert.Empty(EffectComparison.Policy(Group, Everybody, _ => null));
    }

    [Fact]
    public void Another_status_another_internal_id_and_a_missing_row_are_found_in_the_console()
    {
        var differences = ConsoleComparison.Of(tenant, [Row(User) with { Status = "disabled", Id = Guid.NewGuid() }]).Select(difference => difference.ToString()).ToList();
        Assert.Contains($"user {User.ScimId} status: the tenant believes active, the console says disabled", differences);
        Assert.Contains(differences, difference => difference.Contains("internal id", StringComparison.Ordinal));
        Assert.Contains($"user {tenant.Users[1].ScimId} status: the tenant believes active, the console says nothing", differences);
    }

    [Fact]
    public void A_license_of_somebody_inactive_is_found_and_one_that_was_lost()
    {
        User.Licensed = true;
        User.Standing = User.Standing! with { IdpActive = false };
        User.Standing = User.Standing with { IdpActive = true };
        Assert.Equal($"user {User.ScimId} license: the tenant believes it is free, the license service says it is held",
            Assert.Single(EffectComparison.Licenses(tenant, [User.InternalId!.Value])).ToString());
        User.Licensed = true;
        Assert.Single(EffectComparison.Licenses(tenant, []));
    }

    [Fact]
    public void A_policy_reaches_active_members_of_a_live_group_and_nobody_else()
    {
        User.Standing = User.Standing! with { ConsoleDisabled = true };
        Assert.Equal($"policy of group {Group.ScimId} for user {User.ScimId}: the tenant believes it does not apply, the policy service says it does",
            Assert.Single(EffectComparison.Policy(Group, Everybody, id => tenant.Users.First(user => user.InternalId == id).ScimId)).ToString());
        Group.Standing = Group.Standing! with { ConsoleDisabled = true };
        Assert.Equal(2, EffectComparison.Policy(Group, Everybody, _ => null).Count());
        Assert.Empty(EffectComparison.Policy(Group, [], _ => null));
    }

    [Fact]
    public void Whoever_is_removed_leaves_every_group()
    {
        User.Standing = ConsoleRules.Removed(User.Standing!);
        Assert.Equal([tenant.Users[1]], Group.Members);
    }

    private static ConsoleUser Row(TenantUser user) => new(user.InternalId!.Value, Guid.Parse(user.ScimId!), user.UserName, user.Standing!.Status);
}
