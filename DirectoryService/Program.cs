using DirectoryService;
using DirectoryService.Admin.Access;
using ServiceDefaults.Migrations;

if (await MigrationCommand.TryRunAsync(args, DirectoryApp.Database, "directory", Bootstrap.RunAsync)) return;

DirectoryApp.Build(WebApplication.CreateBuilder(args)).Run();
