using System.ComponentModel.DataAnnotations;

namespace ServiceDefaults.Messaging;

/// <summary>Settings of section <c>Messaging:SetAside</c>: retries of dead letters.</summary>
public sealed class DeadLetterOptions
{
    public const string Section = "Messaging:SetAside";

    /// <summary>The first pause before a dead letter is retried. The pause doubles each time that no retry succeeded.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan ReturnAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest pause.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan ReturnAtLeastEvery { get; init; } = TimeSpan.FromHours(1);
}
