using ServiceDefaults.Access;
using ServiceDefaults.Migrations;

if (await MigrationCommand.TryRunAsync(args, "policydb", "policy")) return;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddNpgsqlDataSource("policydb");
builder.AddAdminApi();

var app = builder.Build();
app.UseAdminApi();
app.MapDefaultEndpoints();
app.Run();
