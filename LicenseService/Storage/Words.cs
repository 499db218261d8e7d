using System.Text.Json;
using Contracts.Events.V1;
using LicenseService.Seats;

namespace LicenseService.Storage;

/// <summary>Enums as the words that stand in the database and in answers.</summary>
internal static class Words
{
    internal static string Word<T>(this T value) where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    internal static UserStatus UserStatus(string word) => Enum.Parse<UserStatus>(word, ignoreCase: true);

    internal static RuleKind RuleKind(string word) => Enum.Parse<RuleKind>(word, ignoreCase: true);

    /// <summary>As it came from outside: exactly one of the words, or null.</summary>
    internal static T? Find<T>(string? word) where T : struct, Enum =>
        Enum.GetValues<T>().Where(value => value.Word() == word).Select(value => (T?)value).FirstOrDefault();

    internal static string All<T>() where T : struct, Enum => string.Join(", ", Enum.GetValues<T>().Select(value => value.Word()));
}
