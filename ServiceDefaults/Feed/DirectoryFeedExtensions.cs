using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ServiceDefaults.Feed;

/// <summary>Registers <see cref="DirectoryFeed"/> and <see cref="CatchUp"/> for services that keep projections of the directory.</summary>
public static class DirectoryFeedExtensions
{
    public static void AddDirectoryFeed(this IHostApplicationBuilder builder)
    {
        builder.Services.AddHttpClient<DirectoryFeed>(client => client.BaseAddress = new Uri("http://directory"));
        // The one who asks has no time for pauses between tries, and an answer without the directory.
#pragma warning disable EXTEXP0001 // the only way to take off what ServiceDefaults puts on every client
        builder.Services.AddHttpClient(CatchUp.ClientName, client => client.BaseAddress = new Uri("http://directory")).RemoveAllResilienceHandlers();
#pragma warning restore EXTEXP0001
        builder.Services.AddSingleton<CatchUp>();
    }

    /// <summary>The access token of the request, to be handed on to the directory service for the same admin.</summary>
    public static string AccessToken(this HttpContext http) => http.Request.Headers.Authorization.ToString()["Bearer ".Length..];
}
