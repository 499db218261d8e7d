namespace IdpSimulator.Wire;

/// <summary>SCIM answered otherwise than this identity provider needs; the message says what was expected.</summary>
public sealed class UnexpectedAnswerException(string expected, string actual) : Exception($"expected {expected}, got {actual}")
{
    public UnexpectedAnswerException(string request, string expected, string actual) : this($"{expected} to {request}", actual) { }
}
