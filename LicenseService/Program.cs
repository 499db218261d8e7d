using ServiceDefaults.Access;
using ServiceDefaults.Migrations;

if (await MigrationCommand.TryRunAsync(args, "licensedb", "license")) return;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddNpgsqlDataSource("licensedb");
builder.AddAdminApi();

var app = builder.Build();
app.UseAdminApi();
app.MapDefaultEndpoints();
app.Run();
