namespace DirectoryService.Lifecycle;

/// <summary>What an admin does to a user or a group in the console.</summary>
public enum ConsoleAction { Enable, Disable, Delete, Restore, Purge }
