namespace Aspire.Hosting.ApplicationModel;

/// <summary>Names become parts of URLs, file names and environment variables, so they are held to letters, digits and dashes.</summary>
internal static class ResourceName
{
    private const int Longest = 64;

    internal static string Checked(string name) =>
        name is { Length: > 0 and <= Longest } && char.IsAsciiLetter(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
            ? name
            : throw new ArgumentException($"'{name}' is no resource name: letters, digits and dashes, a letter first, {Longest} at most.", nameof(name));
}
