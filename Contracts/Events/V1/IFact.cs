namespace Contracts.Events.V1;

/// <summary>What every fact says of itself. One fact is one row of the directory's events log.</summary>
public interface IFact
{
    /// <summary>Identity of the fact: the same on every redelivery.</summary>
    Guid EventId { get; }

    Guid AccountId { get; }

    /// <summary>Version of the aggregate (user, group or directory) after the change; contiguous per aggregate, from 1.</summary>
    long Version { get; }

    /// <summary>What happened, in one word of <see cref="Change"/>.</summary>
    string Change { get; }

    /// <summary>Who made it happen.</summary>
    Actor Actor { get; }

    /// <summary>When the directory service recorded it (UTC).</summary>
    DateTimeOffset At { get; }
}
