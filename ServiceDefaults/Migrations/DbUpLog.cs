using System.Globalization;
using DbUp.Engine.Output;

namespace ServiceDefaults.Migrations;

/// <summary>Forwards DbUp's log, without its debug lines.</summary>
internal sealed class DbUpLog(Action<string> log) : IUpgradeLog
{
    private void Write(string format, object[] args) =>
        log(args.Length == 0 ? format : string.Format(CultureInfo.InvariantCulture, format, args));

    public void LogTrace(string format, params object[] args) { }
    public void LogDebug(string format, params object[] args) { }
    public void LogInformation(string format, params object[] args) => Write(format, args);
    public void LogWarning(string format, params object[] args) => Write(format, args);
    public void LogError(string format, params object[] args) => Write(format, args);
    public void LogError(Exception ex, string format, params object[] args) => Write(format + " " + ex.Message, args);
}
