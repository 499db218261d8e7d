using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Testing;

/// <summary>
/// An account must not reach what another one has. Every endpoint with an id in its path is asked by a stranger for the owner's
/// things: there is nothing, and nothing has changed for the owner.
/// </summary>
/// <param name="Id">What stands for a parameter of a path; null: the test forgot it.</param>
/// <param name="Body">A body that the owner could send; null: none.</param>
public sealed partial record OtherAccountCases(HttpClient Owner, HttpClient Stranger, Func<string, string, string?> Id, Func<HttpMethod, string, object?> Body)
{
    /// <summary>Complaints; empty when the accounts are apart.</summary>
    /// <param name="views">What the owner looks at before and after.</param>
    public async Task<string> ComplaintsAsync(IServiceProvider services, IReadOnlyList<string> views)
    {
        var before = await ViewAsync(views);
        var complaints = new List<string>();
        foreach (var (method, template) in ApiDescription.Endpoints(services, "/api/v1").Where(endpoint => endpoint.Path.Contains('{', StringComparison.Ordinal)))
            foreach (var action in template.EndsWith("/{action}", StringComparison.Ordinal) ? ["enable", "disable", "delete", "restore", "purge"] : (string[])[""])
            {
                var path = Parameter().Replace(template, match => match.Groups[1].Value == "action" ? action
                    : Id(template, match.Groups[1].Value) ?? throw new InvalidOperationException($"{template}: the test has no {match.Value}."));
                if (template.EndsWith("/consequences", StringComparison.Ordinal)) path += "?action=delete";
                using var request = new HttpRequestMessage(method, path);
                if (Body(method, template) is { } body) request.Content = JsonContent.Create(body);
                using var answer = await Stranger.SendAsync(request);
                var text = await answer.Content.ReadAsStringAsync();
                if (answer.StatusCode != HttpStatusCode.NotFound && !(method == HttpMethod.Get && IsEmptyList(answer, text)))
                    complaints.Add($"{method} {template} {action} answers a stranger {(int)answer.StatusCode}: {text}");
            }
        foreach (var ((view, was), now) in before.Zip(await ViewAsync(views)))
            if (was != now.Seen) complaints.Add($"{view} is not what it was: {was} → {now.Seen}");
        return string.Join('\n', complaints);
    }

    private async Task<List<(string View, string Seen)>> ViewAsync(IReadOnlyList<string> views)
    {
        var seen = new List<(string, string)>();
        foreach (var view in views) seen.Add((view, await Owner.GetStringAsync(view)));
        return seen;
    }

    private static bool IsEmptyList(HttpResponseMessage answer, string text) =>
        answer.StatusCode == HttpStatusCode.OK && JsonDocument.Parse(text).RootElement.TryGetProperty("items", out var items) && items.GetArrayLength() == 0;

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Parameter();
}
