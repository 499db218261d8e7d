using System.Globalization;

namespace DirectoryService.Protocol.Filters;

/// <summary>An xsd:dateTime (RFC 7643 §2.3.5); without a zone it is UTC.</summary>
internal static class FilterDateTime
{
    private static readonly string[] Formats = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    internal static DateTimeOffset? Parse(string text) =>
        DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
