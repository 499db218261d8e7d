using System.Text.Json.Serialization;

namespace IdpSimulator.AdminConsole;

internal sealed record ConsoleUser(Guid Id, Guid ScimId, string UserName, string Status);

internal sealed record ConsoleGroup(Guid Id, Guid ScimId, string DisplayName, string Status);

internal sealed record ConsoleDone(string Status);

internal sealed record LicensePool(Guid Id, int Seats, int Free, int Held);

internal sealed record LicenseHolder(Guid UserId);

internal sealed record PolicyMember(Guid UserId);

internal sealed record Made(Guid Id);

internal sealed record ConsoleProblem(string? Detail);

/// <param name="Next">What to send as <c>after</c>; none on the last page.</param>
internal sealed record ConsolePage<T>(IReadOnlyList<T> Items, string? Next = null);

internal sealed record NewDirectory(string Name, string Provider);

internal sealed record MadeDirectory(Guid Id, Uri BaseUrl, string Token);

internal sealed record NewPool(string Product, int Seats);

internal sealed record PoolSize(int Seats);

internal sealed record NewPolicy(string Name, IReadOnlyList<Guid> GroupIds);

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ConsolePage<ConsoleUser>))]
[JsonSerializable(typeof(ConsolePage<ConsoleGroup>))]
[JsonSerializable(typeof(ConsolePage<LicensePool>))]
[JsonSerializable(typeof(ConsolePage<LicenseHolder>))]
[JsonSerializable(typeof(ConsolePage<PolicyMember>))]
[JsonSerializable(typeof(ConsoleDone))]
[JsonSerializable(typeof(ConsoleProblem))]
[JsonSerializable(typeof(LicensePool))]
[JsonSerializable(typeof(Made))]
[JsonSerializable(typeof(MadeDirectory))]
[JsonSerializable(typeof(NewDirectory))]
[JsonSerializable(typeof(NewPool))]
[JsonSerializable(typeof(PoolSize))]
[JsonSerializable(typeof(NewPolicy))]
internal sealed partial class ConsoleJson : JsonSerializerContext;
