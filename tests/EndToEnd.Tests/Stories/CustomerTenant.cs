using EndToEnd.Tests.Running;
using IdpSimulator.Comparison;
using IdpSimulator.Providers.Entra;
using IdpSimulator.Stories;
using IdpSimulator.Tenants;
using IdpSimulator.Wire;

namespace EndToEnd.Tests.Stories;

/// <summary>A customer with an Entra tenant that has lived through its first days, and a policy on one of its groups.</summary>
internal sealed class CustomerTenant : IDisposable
{
    private readonly RunningSystem system;
    private readonly Guid directory;

    private CustomerTenant(RunningSystem system)
    {
        this.system = system;
        var entra = system.DirectoryOf("EntraId");
        directory = entra.Id;
        Tenant = new TenantFactory(Guid.NewGuid().ToString("N")[..8]).Create("contoso", 20, 3, EntraClient.NewId);
        Entra = new EntraClient(entra.BaseUrl, entra.Token, EntraDialect.Default, Wire);
    }

    public Tenant Tenant { get; }

    public EntraClient Entra { get; }

    public Recorder Wire { get; } = new();

    public Guid Policy { get; private set; }

    /// <summary>The group that the policy names.</summary>
    public TenantGroup Team => Tenant.Groups[1];

    public static async Task<CustomerTenant> ArriveAsync(RunningSystem system)
    {
        var customer = new CustomerTenant(system);
        await FirstDays.Story.PlayAsync(customer.Entra, customer.Tenant, _ => { }, default);
        var group = await system.Admin.GroupIdAsync(customer.directory, customer.Team.DisplayName);
        customer.Policy = await system.Admin.CreatePolicyAsync($"Internet access of {customer.Team.DisplayName}", group);
        return customer;
    }

    /// <summary>Somebody of the team who is active, with a license in hand and the policy in force.</summary>
    public async Task<Employee> EquipAsync()
    {
        var user = Team.Members.First(member => member.Active && equipped.Add(member));
        var id = await system.Admin.UserIdAsync(directory, user.UserName);
        var pool = await system.Admin.OpenPoolAsync();
        await system.Admin.AssignLicenseAsync(pool.Id, id);
        var employee = new Employee(user, id, pool.Id);
        await Testing.Eventually.TrueAsync("the policy to be in force", () => HasPolicyAsync(employee));
        return employee;
    }

    public Task<bool> HasLicenseAsync(Employee employee) => system.Admin.HoldsLicenseAsync(employee.Pool, employee.Id);

    /// <summary>Asked from both sides, which must agree.</summary>
    public async Task<bool> HasPolicyAsync(Employee employee)
    {
        var members = await system.Admin.PolicyMembersAsync(Policy);
        var policies = await system.Admin.PoliciesOfAsync(employee.Id);
        return (members.Contains(employee.Id), policies.Contains(Policy)) switch
        {
            (true, true) => true,
            (false, false) => false,
            // A fact may arrive between the two questions.
            _ => (await system.Admin.PolicyMembersAsync(Policy)).Contains(employee.Id),
        };
    }

    /// <summary>What the tenant believes is what SCIM says.</summary>
    public async Task AgreesWithScimAsync() => Assert.Empty(await TenantComparison.CompareAsync(Tenant, Entra.Wire, default));

    private readonly HashSet<TenantUser> equipped = [];

    public void Dispose() => Entra.Dispose();
}

/// <param name="User">As Entra knows them.</param>
/// <param name="Id">The internal id.</param>
/// <param name="Pool">That their license is of.</param>
internal sealed record Employee(TenantUser User, Guid Id, Guid Pool);
