namespace Aspire.Hosting.ApplicationModel;

public class PostgresServerResource(string name, ParameterResource password) : ContainerResource(name), IResourceWithConnectionString
{
    internal const string EndpointName = "tcp";
    internal const string UserName = "postgres";

    private readonly List<PostgresDatabaseResource> _databases = [];

    public ParameterResource PasswordParameter => password;
    public EndpointReference PrimaryEndpoint => new(this, EndpointName);
    internal IReadOnlyList<PostgresDatabaseResource> OwnDatabases => _databases;

    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create(
        $"Host={PrimaryEndpoint.Property(EndpointProperty.Host)};Port={PrimaryEndpoint.Property(EndpointProperty.Port)};Username={UserName};Password={PasswordParameter}");

    public string ValueExpression => $"{{{Name}.connectionString}}";

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => ConnectionStringExpression.GetValueAsync(cancellationToken);

    internal void Add(PostgresDatabaseResource database) => _databases.Add(database);
}

public class PostgresDatabaseResource(string name, string databaseName, PostgresServerResource parent)
    : Resource(name), IResourceWithParent<PostgresServerResource>, IResourceWithConnectionString
{
    public PostgresServerResource Parent => parent;
    public string DatabaseName => databaseName;

    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{parent.ConnectionStringExpression};Database={DatabaseName}");

    public string ValueExpression => $"{{{Name}.connectionString}}";

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => ConnectionStringExpression.GetValueAsync(cancellationToken);
}
