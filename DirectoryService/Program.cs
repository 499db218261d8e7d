using ServiceDefaults.Migrations;

if (await MigrationCommand.TryRunAsync(args, "directorydb", "directory")) return;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddNpgsqlDataSource("directorydb");

var app = builder.Build();
app.MapDefaultEndpoints();
app.Run();
