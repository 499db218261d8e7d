namespace LocalRuntime.Native;

/// <param name="Directory">Owned by the broker's user; holds its data and configuration and nothing else.</param>
/// <param name="DistributionPort">Of Erlang, on the loopback address.</param>
/// <param name="EpmdPort">Of an epmd of this broker's own.</param>
/// <param name="VirtualHosts">Besides the default one, all for the one user.</param>
internal sealed record RabbitMqOptions(
    string Directory, int Port, int DistributionPort, int EpmdPort, string UserName, string Password, IReadOnlyList<string> VirtualHosts);
