namespace DirectoryService.Lifecycle;

/// <summary>An action of an admin on a user or group in the console.</summary>
public enum ConsoleAction { Enable, Disable, Delete, Restore, Purge }
