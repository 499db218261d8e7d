using AppHost.Commands;
using AppHost.Demo;
using AppHost.Replicas;
using AppHost.RunMode;
using NativeServers;

// The deployment, and in what order it comes up:
//
//   messaging ────────────────────────────────┐
//   postgres ─► databases ─► migrations ─┬─► license, policy ─┐
//                                        └─► directory ×2 ────┴─► gateway ─► demo directories
// WithReference shows which resource calls which; WaitFor shows the order of the start.

if (await SystemCommand.RunAsync(args) is { } exitCode) return exitCode;

var builder = DistributedApplication.CreateBuilder(RunSettings.BuilderOptions(args));
var machine = await LocalRun.CreateAsync(builder); // null in publish mode

// Servers. Four service processes with pools of at most 50 connections for requests and 20 for background work each, and the
// migrations: the container's default of 100 connections is too few.
var messagingPassword = builder.AddParameter("messaging-password", Generated(22), secret: true, persist: true);
var messaging = builder.AddRabbitMQ("messaging", password: messagingPassword);
var postgresPassword = builder.AddParameter("postgres-password", Generated(22), secret: true, persist: true);
var postgres = builder.AddPostgres("postgres", password: postgresPassword).WithArgs("-c", "max_connections=300");
var directoryDatabase = postgres.AddDatabase("directorydb", "directory");
var licenseDatabase = postgres.AddDatabase("licensedb", "license");
var policyDatabase = postgres.AddDatabase("policydb", "policy");
if (machine is null)
{
    postgres.WithDataVolume();
    messaging.WithDataVolume();
}
else if (machine.Settings.ServersAreContainers)
{
    // The data directories are beside the passwords of the servers, as is everything else that is kept between starts.
    postgres.WithDataBindMount(machine.DirectoryOf("postgres-container"));
    messaging.WithDataBindMount(machine.DirectoryOf("messaging-container"));
}
else
{
    postgres.RunNatively(machine.DataOf("postgres"), machine.PortOf("postgres", "tcp"));
    messaging.RunNatively(machine.DataOf("messaging"), new(machine.PortOf("messaging", "tcp"), machine.PortOf("messaging", "distribution"), machine.PortOf("messaging", "epmd")));
}

// The migrations connect as the database administrator and create the application role with which a service connects.
var directoryPassword = builder.AddParameter("directorypassword", Generated(32), secret: true, persist: true);
var directoryMigration = builder.AddProject<Projects.DirectoryService>("directorymigration", launchProfileName: null)
    .WithArgs("--migrate")
    .WithReference(directoryDatabase).WaitFor(directoryDatabase)
    .WithEnvironment("Migration__AppPassword", directoryPassword)
    .WithParentRelationship(directoryDatabase).WithIconName("DatabaseArrowUp");

var licensePassword = builder.AddParameter("licensepassword", Generated(32), secret: true, persist: true);
var licenseMigration = builder.AddProject<Projects.LicenseService>("licensemigration", launchProfileName: null)
    .WithArgs("--migrate")
    .WithReference(licenseDatabase).WaitFor(licenseDatabase)
    .WithEnvironment("Migration__AppPassword", licensePassword)
    .WithParentRelationship(licenseDatabase).WithIconName("DatabaseArrowUp");

var policyPassword = builder.AddParameter("policypassword", Generated(32), secret: true, persist: true);
var policyMigration = builder.AddProject<Projects.PolicyService>("policymigration", launchProfileName: null)
    .WithArgs("--migrate")
    .WithReference(policyDatabase).WaitFor(policyDatabase)
    .WithEnvironment("Migration__AppPassword", policyPassword)
    .WithParentRelationship(policyDatabase).WithIconName("DatabaseArrowUp");

// Services. The directory takes SCIM writes whether or not the broker is up, so it does not wait for it; the others
// have nothing to do without it. All check access tokens with the keys that the directory publishes.
var directoryConnection = AsApplication(directoryDatabase, "directory_app", directoryPassword);
var directory = builder.AddReplicas("directory", name => builder.AddProject<Projects.DirectoryService>(name)
    .WithReference(directoryConnection, connectionName: "directorydb")
    .WithReference(messaging)
    .WaitForCompletion(directoryMigration)
    .WithHttpHealthCheck("/health")
    .WithIconName("People"));

var license = builder.AddProject<Projects.LicenseService>("license")
    .WithReference(AsApplication(licenseDatabase, "license_app", licensePassword), connectionName: "licensedb")
    .WithReference(messaging).WaitFor(messaging)
    .WithReference(directory)
    .WaitForCompletion(licenseMigration)
    .WithHttpHealthCheck("/health")
    .WithIconName("TicketDiagonal");

var policy = builder.AddProject<Projects.PolicyService>("policy")
    .WithReference(AsApplication(policyDatabase, "policy_app", policyPassword), connectionName: "policydb")
    .WithReference(messaging).WaitFor(messaging)
    .WithReference(directory)
    .WaitForCompletion(policyMigration)
    .WithHttpHealthCheck("/health")
    .WithIconName("ShieldTask");

// A user's timeline includes entries of the license and policy services; it is shown without them while they are unavailable.
foreach (var replica in directory) replica.WithReference(license).WithReference(policy);

var gateway = builder.AddProject<Projects.ScimGateway>("gateway")
    .WithReference(directory).WithReference(license).WithReference(policy)
    .WaitFor(directory)
    .WithHttpHealthCheck("/health")
    .WithExternalHttpEndpoints()
    .WithUrlForEndpoint("http", url => url.DisplayText = "Public address")
    .WithUrlForEndpoint("http", endpoint => new() { Url = "/docs", DisplayText = "API reference", Endpoint = endpoint })
    .WithIconName("GlobeShield");

// Development only: a demo account with tenants, and the simulator that plays their identity providers.
if (machine is not null)
{
    var adminKey = builder.AddParameter("adminkey", Generated(43), secret: true, persist: true);
    var adminApiKey = ReferenceExpression.Create($"prov_bootstrap_{adminKey}");
    directoryMigration
        .WithEnvironment("Bootstrap__AccountName", "Demo")
        .WithEnvironment("Bootstrap__AdminApiKey", adminApiKey);

    var demo = builder.AddDemoDirectories("demo", gateway, adminApiKey, license, machine.Settings.Data.File("endpoints.json"));

    builder.AddProject<Projects.IdpSimulator>("simulator", launchProfileName: null)
        .WithReference(gateway)
        .WithEnvironment("PROVISIONING_ENDPOINTS", machine.Settings.Data.File("endpoints.json"))
        .WithParentRelationship(demo).WithIconName("Bot")
        .WithStories()
        .WithExplicitStart();

    license.WithRebuild("licenses", gateway, adminApiKey);
    policy.WithRebuild("policies", gateway, adminApiKey);

    machine.Apply();
}

return await LocalRun.RunAsync(builder.Build());

// Letters and digits only, because passwords appear in connection strings, URIs and SQL without escaping.
static GenerateParameterDefault Generated(int length) => new() { MinLength = length, Special = false };

IResourceBuilder<ConnectionStringResource> AsApplication(
    IResourceBuilder<PostgresDatabaseResource> database, string role, IResourceBuilder<ParameterResource> password)
{
    var server = database.Resource.Parent.PrimaryEndpoint;
    return builder.AddConnectionString(role.Replace("_", "", StringComparison.Ordinal), ReferenceExpression.Create(
        $"Host={server.Property(EndpointProperty.Host)};Port={server.Property(EndpointProperty.Port)};Username={role};Password={password};Database={database.Resource.DatabaseName};Maximum Pool Size=50;Minimum Pool Size=4;Max Auto Prepare=100;Auto Prepare Min Usages=2;No Reset On Close=true"))
        .WithParentRelationship(database);
}
