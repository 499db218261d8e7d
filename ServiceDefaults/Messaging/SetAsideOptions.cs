using System.ComponentModel.DataAnnotations;

namespace ServiceDefaults.Messaging;

/// <summary>Settings under <c>Messaging:SetAside</c>.</summary>
public sealed class SetAsideOptions
{
    public const string Section = "Messaging:SetAside";

    /// <summary>How soon a message that was set aside comes back; each time that none of them succeeded the pause doubles.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan ReturnAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest pause.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan ReturnAtLeastEvery { get; init; } = TimeSpan.FromHours(1);
}
