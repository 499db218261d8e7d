using System.Text.Json;
using Contracts.Events.V1;
using LicenseService.Rules;

namespace LicenseService.Storage;

/// <summary>Converts enums to the camelCase names used in the database and in API responses, and back.</summary>
internal static class EnumNames
{
    internal static string Word<T>(this T value) where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    internal static UserStatus UserStatus(string word) => Enum.Parse<UserStatus>(word, ignoreCase: true);

    internal static RuleKind RuleKind(string word) => Enum.Parse<RuleKind>(word, ignoreCase: true);

    /// <summary>Parses a name from a request. Only an exact name matches; otherwise null.</summary>
    internal static T? Find<T>(string? word) where T : struct, Enum =>
        Enum.GetValues<T>().Where(value => value.Word() == word).Select(value => (T?)value).FirstOrDefault();

    internal static string All<T>() where T : struct, Enum => string.Join(", ", Enum.GetValues<T>().Select(value => value.Word()));
}
