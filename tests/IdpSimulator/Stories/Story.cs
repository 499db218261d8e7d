using IdpSimulator.Providers;
using IdpSimulator.Tenants;

namespace IdpSimulator.Stories;

/// <summary>Named steps in order, playable by any provider.</summary>
public sealed record Story(string Name, IReadOnlyList<StoryStep> Steps)
{
    /// <param name="client">Who plays.</param>
    /// <param name="tenant">Whose users and groups.</param>
    /// <param name="announce">Told each step before it begins.</param>
    /// <param name="cancellationToken">Ends the story.</param>
    public async Task PlayAsync(IProvisioningClient client, Tenant tenant, Action<string> announce, CancellationToken cancellationToken)
    {
        foreach (var step in Steps)
        {
            announce(step.Name);
            await step.PlayAsync(client, tenant, cancellationToken);
        }
    }
}

public sealed record StoryStep(string Name, Func<IProvisioningClient, Tenant, CancellationToken, Task> PlayAsync);
