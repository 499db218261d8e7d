using Microsoft.Extensions.DependencyInjection;

namespace AppHost.Demo;

/// <summary>Commands in the menus of the dashboard's resources: play a story, rebuild projections, reset the demo.</summary>
internal static class DashboardCommands
{
    private static readonly (string Name, string Title, string Icon, string[] Arguments)[] Stories =
    [
        ("play-first-days", "Play first days of Entra ID and Okta", "PlayCircle", ["--story", "first-days"]),
        ("play-whole-tenants", "Play whole tenants of every provider", "PeopleTeam", ["--story", "whole-tenant"]),
    ];

    /// <summary>Adds one command per story. The resource's log shows its progress.</summary>
    internal static IResourceBuilder<ProjectResource> WithStories(this IResourceBuilder<ProjectResource> simulator)
    {
        string[] chosen = [];
        simulator.WithArgs(context =>
        {
            foreach (var argument in chosen) context.Args.Add(argument);
        });
        foreach (var story in Stories)
        {
            simulator.WithCommand(story.Name, story.Title, async context =>
            {
                chosen = story.Arguments;
                var commands = context.Services.GetRequiredService<ResourceCommandService>();
                return await commands.ExecuteCommandAsync(context.ResourceName, KnownResourceCommands.StartCommand, context.CancellationToken);
            }, new CommandOptions
            {
                IconName = story.Icon,
                UpdateState = context => IsRunning(context.ResourceSnapshot) ? ResourceCommandState.Disabled : ResourceCommandState.Enabled,
            });
        }

        return simulator;
    }

    /// <summary>Adds the command that rebuilds a service's projections for the demo account.</summary>
    /// <param name="part">Path of the service below <c>/api/v1</c>.</param>
    internal static void WithRebuild(this IResourceBuilder<ProjectResource> service, string part, IResourceBuilder<ProjectResource> gateway, ReferenceExpression adminApiKey) =>
        service.WithCommand("rebuild-projections", "Rebuild the projections", async context =>
        {
            using var http = await DemoAdminClient.ConnectAsync(gateway, adminApiKey, context.CancellationToken);
            using var response = await http.PostAsync($"/api/v1/{part}/rebuild", null, context.CancellationToken);
            var answer = await response.Content.ReadAsStringAsync(context.CancellationToken);
            return response.IsSuccessStatusCode
                ? CommandResults.Success($"The rebuild has begun; GET /api/v1/{part}/rebuild tells how it stands.")
                : CommandResults.Failure($"{(int)response.StatusCode} {answer}");
        }, new CommandOptions { IconName = "ArrowSync", UpdateState = context => IsRunning(context.ResourceSnapshot) ? ResourceCommandState.Enabled : ResourceCommandState.Disabled });

    private static bool IsRunning(CustomResourceSnapshot snapshot) => snapshot.State?.Text == KnownResourceStates.Running;
}
