using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace DirectoryService.Tests.Promises.RandomWalk;

/// <summary>What every step of a walk needs: the two sides' clients, the dice, and the steps so far.</summary>
internal sealed class RandomWalkRunner(DirectoryFixture fixture, ScimClient scim, HttpClient admin, int seed)
{
    private const int Remembered = 20;

    private readonly Random random = new(seed);
    private readonly Queue<string> last = new();

    internal static readonly string[] Actions = ["enable", "disable", "delete", "restore", "purge"];

    internal DirectoryFixture Fixture => fixture;
    internal ScimClient Scim => scim;
    internal HttpClient Admin => admin;
    internal int Step { get; set; }

    internal int Dice(int sides) => random.Next(sides);
    internal bool Chance(int percent) => random.Next(100) < percent;
    internal T Pick<T>(IReadOnlyList<T> of) => of[random.Next(of.Count)];
    internal List<T> Some<T>(IEnumerable<T> of, int percent) => [.. of.Where(_ => Chance(percent))];

    internal string LastSteps => string.Join('\n', last);

    internal void Tell(string what)
    {
        last.Enqueue($"  {Step}. {what}");
        if (last.Count > Remembered) last.Dequeue();
    }

    internal async Task<Answer> SendAsync(string method, string path, string? json, PredictedOutcome predicted)
    {
        Tell($"{method} {path} {json} → {predicted.Status} {predicted.ScimType} expected");
        var answer = await scim.SendAsync(method, path, json);
        Assert.True((int)answer.Status == predicted.Status && (predicted.Status < 400 || answer.ScimType == predicted.ScimType),
            $"Expected {predicted.Status} {predicted.ScimType}, got {(int)answer.Status}: {answer.Body}");
        if (predicted.Status >= 400) Assert.False(string.IsNullOrWhiteSpace(answer.Detail));
        return answer;
    }

    /// <param name="changes">What the model says: null for a refusal, else whether anything changes.</param>
    internal async Task ActAsync(string type, Guid id, string action, bool? changes, string statusAfter)
    {
        Tell($"console: {action} {type}/{id} → {(changes is null ? "409" : statusAfter)} expected");
        using var response = await admin.PostAsync($"/api/v1/{type}/{id}/{action}", null);
        var body = (await response.Content.ReadFromJsonAsync<JsonObject>())!;
        Assert.True((int)response.StatusCode == (changes is null ? 409 : 200), $"Got {(int)response.StatusCode}: {body}");
        if (changes is null)
        {
            Assert.False(string.IsNullOrWhiteSpace(body["detail"]!.GetValue<string>()));
            return;
        }
        Assert.Equal(statusAfter, body["status"]!.GetValue<string>());
        Assert.Equal(changes, body["changed"]!.GetValue<bool>());
    }

    internal Task<Guid> InternalIdAsync(string table, Guid scimId) => fixture.ScalarAsync<Guid>($"SELECT id FROM {table} WHERE scim_id = $1", scimId);
}
