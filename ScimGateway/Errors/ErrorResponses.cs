using ScimGateway.Replicas;
using ScimGateway.Routing;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace ScimGateway.Errors;

/// <summary>
/// Writes the body of every error that the gateway itself answers: the SCIM error under <c>/scim</c>, problem details
/// elsewhere. Responses of the services are passed on unchanged.
/// </summary>
internal sealed class ErrorResponses(RequestDelegate next, ILogger<ErrorResponses> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (BadHttpRequestException error) when (!context.Response.HasStarted)
        {
            context.Response.Clear();
            context.Response.StatusCode = error.StatusCode;
        }
        catch (Exception error) when (!context.Response.HasStarted)
        {
            log.Unexpected(error, context.Request.Method, context.Request.Path);
            context.Response.Clear();
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }
        if (context.Response.HasStarted || context.RequestAborted.IsCancellationRequested) return;
        if (context.Response.StatusCode < 400 || IsServiceResponse(context)) return;
        await ErrorWriter.WriteAsync(context, Classify(context));
    }

    private static bool IsServiceResponse(HttpContext context) =>
        context.Features.Get<IForwarderErrorFeature>() is null
        && context.Features.Get<IReverseProxyFeature>()?.ProxiedDestination is not null;

    private static GatewayError Classify(HttpContext context)
    {
        var failure = TransportFailures.Of(context.Features.Get<IForwarderErrorFeature>());
        var route = context.Features.Get<IReverseProxyFeature>()?.Route.Config;
        return GatewayError.Of(context.Response.StatusCode, failure, context.Request.Path, route is null ? null : RouteTable.BodyLimit(route));
    }
}

internal static partial class ErrorResponsesLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed in the gateway")]
    public static partial void Unexpected(this ILogger log, Exception error, string method, PathString path);
}
