using ScimGateway.Replicas;
using Yarp.ReverseProxy.Forwarder;

namespace ScimGateway.Tests.Replicas;

public sealed class TransportFailureTests
{
    [Fact]
    public void A_refused_connection_lets_any_method_go_elsewhere()
    {
        var failure = Of(ForwarderError.Request, new HttpRequestException(HttpRequestError.ConnectionError));
        Assert.Equal(TransportFailure.NotConnected, failure);
        Assert.True(failure.AllowsAnotherReplica("POST"));
    }

    [Fact]
    public void A_connection_that_was_not_made_in_time_is_as_good_as_refused() =>
        Assert.Equal(TransportFailure.NotConnected, Of(ForwarderError.RequestTimedOut, new OperationCanceledException("", new TimeoutException())));

    [Fact]
    public void A_broken_connection_lets_only_GET_go_elsewhere()
    {
        var failure = Of(ForwarderError.Request, new HttpRequestException(HttpRequestError.ResponseEnded));
        Assert.Equal(TransportFailure.Lost, failure);
        Assert.True(failure.AllowsAnotherReplica("GET"));
        foreach (var method in new[] { "POST", "PUT", "PATCH", "DELETE" }) Assert.False(failure.AllowsAnotherReplica(method));
    }

    [Theory]
    [InlineData(ForwarderError.RequestTimedOut)]
    [InlineData(ForwarderError.RequestCanceled)]
    [InlineData(ForwarderError.RequestBodyClient)]
    [InlineData(ForwarderError.NoAvailableDestinations)]
    public void Time_and_clients_are_no_transport_failures(ForwarderError error)
    {
        var failure = Of(error, new OperationCanceledException());
        Assert.Equal(TransportFailure.None, failure);
        Assert.False(failure.AllowsAnotherReplica("GET"));
    }

    private static TransportFailure Of(ForwarderError error, Exception exception) => TransportFailures.Of(new Feature(error, exception));

    private sealed record Feature(ForwarderError Error, Exception? Exception) : IForwarderErrorFeature;
}
