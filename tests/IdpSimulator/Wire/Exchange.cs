using System.Net;

namespace IdpSimulator.Wire;

/// <summary>One request and how it was answered. <c>Target</c> is shortened and without personal data.</summary>
public sealed record Exchange(string Method, string Target, HttpStatusCode Status, TimeSpan Took);
