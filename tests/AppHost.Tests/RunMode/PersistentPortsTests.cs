using System.Net;
using System.Net.Sockets;
using AppHost.RunMode;

namespace AppHost.Tests.RunMode;

public sealed class PersistentPortsTests : IDisposable
{
    private readonly TempDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public void A_port_once_given_is_given_again()
    {
        var first = Ports();
        var port = first.Stable("a");
        Assert.NotEqual(port, first.Stable("b"));
        first.Save();

        Assert.Equal(port, Ports().Stable("a"));
    }

    [Fact]
    public void A_kept_port_that_another_program_has_taken_is_replaced()
    {
        var first = Ports();
        var port = first.Stable("a");
        first.Save();
        using var other = new TcpListener(IPAddress.Loopback, port);
        other.Start();

        Assert.NotEqual(port, Ports().Stable("a"));
    }

    [Fact]
    public void A_port_that_must_be_this_one_and_is_taken_is_one_clear_sentence()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var taken = ((IPEndPoint)other.LocalEndpoint).Port;

        var error = Assert.Throws<StartupException>(() => Ports().Fixed("gateway", taken, chosen: null, "PROVISIONING_GATEWAY_PORT"));

        Assert.Equal($"Port {taken} (gateway) is used by another program. Stop that one (ss -ltnp shows it), or choose another with PROVISIONING_GATEWAY_PORT=PORT.", error.Message);
    }

    [Fact]
    public void With_an_offset_a_second_system_gets_other_ports()
    {
        const int offset = 100;
        var free = Ports().Stable("found");

        Assert.Equal(free, Ports(offset).Stable("a", wanted: free - offset));
    }

    private PersistentPorts Ports(int offset = 0) => new(directory.File("ports.json"), offset);
}
