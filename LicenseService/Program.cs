using LicenseService;
using ServiceDefaults.Migrations;

if (await MigrationCommand.TryRunAsync(args, "licensedb", "license")) return;

await LicenseApp.Build(args).RunAsync();
