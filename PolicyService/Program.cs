using PolicyService;
using ServiceDefaults.Migrations;

if (await MigrationCommand.TryRunAsync(args, "policydb", "policy")) return;

await PolicyApp.Build(args).RunAsync();
