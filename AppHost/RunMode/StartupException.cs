namespace AppHost.RunMode;

/// <summary>The system cannot be started. The message is for the person who started it: what is wrong, and what to do.</summary>
internal sealed class StartupException(string message, Exception? inner = null) : Exception(message, inner);
