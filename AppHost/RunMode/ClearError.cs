namespace AppHost.RunMode;

/// <summary>A start that cannot be is told in one sentence, with exit code 1 and no stack trace.</summary>
internal static class ClearError
{
    internal static async Task<T> OrExitAsync<T>(Func<Task<T>> action)
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

    internal static void OrExit(Action action) => OrExitAsync(() =>
    {
        action();
        return Task.FromResult(true);
    }).GetAwaiter().GetResult();

    /// <summary>In a test the AppHost is a guest in another program, which it must not end.</summary>
    private static bool IsProgram => System.Reflection.Assembly.GetEntryAssembly() == typeof(ClearError).Assembly;
}
