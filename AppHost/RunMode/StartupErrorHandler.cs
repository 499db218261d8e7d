namespace AppHost.RunMode;

/// <summary>Prints a <see cref="StartupException"/> as one sentence and exits with code 1, without a stack trace.</summary>
internal static class StartupErrorHandler
{
    internal static async Task<T> RunOrExitAsync<T>(Func<Task<T>> action)
    {
        try
        {
            return await action();
        }
        catch (StartupException error) when (IsProgram)
        {
            await Console.Error.WriteLineAsync(error.Message);
            Environment.Exit(1);
            throw;
        }
    }

    internal static void RunOrExit(Action action) => RunOrExitAsync(() =>
    {
        action();
        return Task.FromResult(true);
    }).GetAwaiter().GetResult();

    /// <summary>In a test the AppHost runs inside another program, which must not be ended.</summary>
    private static bool IsProgram => System.Reflection.Assembly.GetEntryAssembly() == typeof(StartupErrorHandler).Assembly;
}
