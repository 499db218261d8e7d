using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ServiceDefaults.Feed;

/// <summary>Registers <see cref="DirectoryFeed"/> for services that rebuild from it.</summary>
public static class DirectoryFeedExtensions
{
    public static void AddDirectoryFeed(this IHostApplicationBuilder builder) =>
        builder.Services.AddHttpClient<DirectoryFeed>(client => client.BaseAddress = new Uri("http://directory"));

    /// <summary>The access token of the request, to be handed on to the directory service for the same admin.</summary>
    public static string AccessToken(this HttpContext http) => http.Request.Headers.Authorization.ToString()["Bearer ".Length..];
}
