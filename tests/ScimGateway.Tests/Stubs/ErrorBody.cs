using System.Globalization;
using System.Net;
using System.Text.Json;

namespace ScimGateway.Tests.Stubs;

internal static class ErrorBody
{
    /// <summary>Asserts the SCIM error form of RFC 7644 §3.12 and returns its detail.</summary>
    public static async Task<string> ScimDetailAsync(HttpResponseMessage response, HttpStatusCode expected)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == expected, $"Expected {expected}, got {response.StatusCode}: {text}");
        Assert.Equal("application/scim+json", response.Content.Headers.ContentType?.MediaType);
        using var body = JsonDocument.Parse(text);
        Assert.Equal("urn:ietf:params:scim:api:messages:2.0:Error", body.RootElement.GetProperty("schemas")[0].GetString());
        Assert.Equal(((int)expected).ToString(CultureInfo.InvariantCulture), body.RootElement.GetProperty("status").GetString());
        return body.RootElement.GetProperty("detail").GetString()!;
    }

    /// <summary>Asserts problem details (RFC 9457) and returns the detail.</summary>
    public static async Task<string> ProblemDetailAsync(HttpResponseMessage response, HttpStatusCode expected)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == expected, $"Expected {expected}, got {response.StatusCode}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        using var body = JsonDocument.Parse(text);
        Assert.Equal((int)expected, body.RootElement.GetProperty("status").GetInt32());
        return body.RootElement.GetProperty("detail").GetString()!;
    }
}
