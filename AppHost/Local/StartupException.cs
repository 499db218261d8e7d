namespace LocalRuntime;

/// <summary>The system cannot start; the message is one sentence for the user that says what to do about it.</summary>
internal sealed class StartupException(string message, Exception? inner = null) : Exception(message, inner);
