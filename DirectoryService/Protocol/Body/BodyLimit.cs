namespace DirectoryService.Protocol.Body;

/// <summary>What a body may cost.</summary>
/// <param name="Bytes">Of the body as it is sent.</param>
/// <param name="FoldsMembers">Whether arrays of members are kept as ids only; all else stays within <see cref="Tree"/>.</param>
public sealed record BodyLimit(long Bytes, bool FoldsMembers)
{
    public const int Depth = 32;

    /// <summary>Bytes of a body that are kept as a tree of nodes, which takes many times the memory of its text.</summary>
    public const int Tree = 1 << 20;

    public static readonly BodyLimit Small = new(Tree, false);
    public static readonly BodyLimit Group = new(64 << 20, true);

    /// <summary>RFC 7644 §3.7.4: the refusal names the limit that ServiceProviderConfig advertises.</summary>
    public static readonly BodyLimit Bulk = Small with { Name = "maxPayloadSize" };

    /// <summary>As the client knows the limit, where it has a name.</summary>
    public string? Name { get; init; }

    internal ScimException Exceeded => ScimException.TooLarge(Name is null
        ? $"The body is larger than {Bytes >> 20} MB, the most that is taken here. Split the change into several requests."
        : $"The body is larger than {Bytes} bytes, the {Name} of this service. Split it into several requests.");

    internal static ScimException TreeExceeded => ScimException.TooLarge(
        $"What the body says besides its members is larger than {Tree >> 20} MB, the most that is taken. Split the change into several requests.");
}
