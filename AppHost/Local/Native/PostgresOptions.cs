namespace LocalRuntime.Native;

/// <param name="Directory">Owned by the server's user; holds the cluster and nothing else.</param>
/// <param name="Arguments">For <c>postgres</c>, after its own.</param>
internal sealed record PostgresOptions(string Directory, int Port, string UserName, string Password, IReadOnlyList<string> Arguments);
