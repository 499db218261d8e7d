namespace DirectoryService.Protocol.Body;

/// <summary>Limits of a request body.</summary>
/// <param name="Bytes">Largest size in bytes as sent.</param>
/// <param name="FoldsMembers">Whether large arrays of members are reduced to ids. Everything else is limited to <see cref="Tree"/>.</param>
public sealed record BodyLimit(long Bytes, bool FoldsMembers)
{
    public const int Depth = 32;

    /// <summary>Largest number of bytes of a body that become JSON nodes, which take many times the memory of the text.</summary>
    public const int Tree = 1 << 20;

    public static readonly BodyLimit Small = new(Tree, false);
    public static readonly BodyLimit Group = new(64 << 20, true);

    /// <summary>Limit of Bulk. By RFC 7644 §3.7.4 the error names the limit that ServiceProviderConfig advertises.</summary>
    public static readonly BodyLimit Bulk = Small with { Name = "maxPayloadSize" };

    /// <summary>The limit's name in ServiceProviderConfig, if it has one.</summary>
    public string? Name { get; init; }

    internal ScimException Exceeded => ScimException.TooLarge(Name is null
        ? $"The body is larger than {Bytes >> 20} MB, the most that is taken here. Split the change into several requests."
        : $"The body is larger than {Bytes} bytes, the {Name} of this service. Split it into several requests.");

    internal static ScimException TreeExceeded => ScimException.TooLarge(
        $"What the body says besides its members is larger than {Tree >> 20} MB, the most that is taken. Split the change into several requests.");
}
