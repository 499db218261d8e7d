using System.Text.Json;
using Contracts.Events.V1;

namespace LicenseService.Storage;

/// <summary>Enums as the words that stand in the database and in answers.</summary>
internal static class Words
{
    internal static string Word<T>(this T value) where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    internal static UserStatus UserStatus(string word) => Enum.Parse<UserStatus>(word, ignoreCase: true);
}
