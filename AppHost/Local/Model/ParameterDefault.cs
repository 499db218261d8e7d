using System.Security.Cryptography;

namespace Aspire.Hosting.ApplicationModel;

public abstract class ParameterDefault
{
    public abstract string GetDefaultValue();
}

/// <summary>
/// Random text of the wanted classes of characters. None of the special ones has a meaning in a connection string or URI.
/// </summary>
public sealed class GenerateParameterDefault : ParameterDefault
{
    private const string LowerCase = "abcdefghijkmnpqrstuvwxyz", UpperCase = "ABCDEFGHJKLMNPQRSTUVWXYZ", Digits = "123456789", Specials = "-_.~";

    public int MinLength { get; set; }
    public bool Lower { get; set; } = true;
    public bool Upper { get; set; } = true;
    public bool Numeric { get; set; } = true;
    public bool Special { get; set; } = true;

    public override string GetDefaultValue()
    {
        var letters = (Lower ? LowerCase : "") + (Upper ? UpperCase : "") + (Numeric ? Digits : "") + (Special ? Specials : "");
        return RandomNumberGenerator.GetString(letters, MinLength);
    }
}
