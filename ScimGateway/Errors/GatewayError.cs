using ScimGateway.Replicas;
using ScimGateway.Routing;

namespace ScimGateway.Errors;

/// <summary>An error that the gateway itself answers. The detail appears in the log of an IdP and tells its admin what to do.</summary>
internal sealed record GatewayError(int Status, string Detail, int? RetryAfterSeconds = null)
{
    public static GatewayError Of(int status, TransportFailure failure, PathString path, long? bodyLimit) => (status, failure) switch
    {
        // 503 means that nothing was done; 502 means that the request may have been carried out.
        (_, TransportFailure.NotConnected) => new(StatusCodes.Status503ServiceUnavailable,
            "The service cannot be reached at the moment. Nothing was changed; try again in a few seconds.", 2),
        (StatusCodes.Status404NotFound, _) => new(status, NotFound(path)),
        (StatusCodes.Status405MethodNotAllowed, _) => new(status, "This address does not know the request's method; the Allow header names those it knows."),
        (StatusCodes.Status408RequestTimeout, _) => new(status, "The request body came too slowly. Nothing was changed; send it again."),
        (StatusCodes.Status413PayloadTooLarge, _) => TooLarge(bodyLimit),
        (StatusCodes.Status500InternalServerError, _) => new(status, "The gateway failed unexpectedly; its log has the reason."),
        (StatusCodes.Status502BadGateway, _) => new(status,
            "The connection to the service broke before it answered, so the request may or may not have been carried out. Read the resource, then send the request again if needed."),
        (StatusCodes.Status503ServiceUnavailable, _) => new(status,
            "No instance of the service is available at the moment. Nothing was changed; try again in a few seconds.", 2),
        (StatusCodes.Status504GatewayTimeout, _) => new(status,
            "The service did not answer in time, so the request may or may not have been carried out. Read the resource, then send the request again if needed."),
        _ => new(status, $"The request cannot be served (HTTP {status})."),
    };

    public static GatewayError TooLarge(long? limit) => new(StatusCodes.Status413PayloadTooLarge, limit is { } bytes
        ? $"The request body is larger than the {Size(bytes)} that this address accepts. Nothing was changed; send the data in smaller requests."
        : "The request body is larger than this address accepts. Nothing was changed; send the data in smaller requests.");

    private static string NotFound(PathString path) => PublicPath.IsScim(path)
        ? "There is nothing at this address. A SCIM base URL has the form https://HOST/scim/v2/{account id}/{directory id}: copy the directory's own into the identity provider's settings."
        : "There is nothing at this address. The API is under /api/v1, SCIM under /scim/v2.";

    private static string Size(long bytes) => bytes switch
    {
        >= 1 << 20 when bytes % (1 << 20) == 0 => $"{bytes >> 20} MB",
        >= 1 << 10 when bytes % (1 << 10) == 0 => $"{bytes >> 10} kB",
        _ => $"{bytes} bytes",
    };
}
