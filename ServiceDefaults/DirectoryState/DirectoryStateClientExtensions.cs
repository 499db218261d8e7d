using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ServiceDefaults.DirectoryState;

/// <summary>Registers <see cref="DirectoryStateClient"/> and <see cref="ReadYourWrites"/> for services that keep projections of the directory.</summary>
public static class DirectoryStateClientExtensions
{
    public static void AddDirectoryFeed(this IHostApplicationBuilder builder)
    {
        builder.Services.AddHttpClient<DirectoryStateClient>(client => client.BaseAddress = new Uri("http://directory"));
        // ReadYourWrites must answer fast and can answer without the directory, so it uses no resilience handler.
#pragma warning disable EXTEXP0001 // the only way to remove the handler that ServiceDefaults adds to every client
        builder.Services.AddHttpClient(ReadYourWrites.ClientName, client => client.BaseAddress = new Uri("http://directory")).RemoveAllResilienceHandlers();
#pragma warning restore EXTEXP0001
        builder.Services.AddSingleton<ReadYourWrites>();
    }

    /// <summary>The access token of the request, to be sent on to the directory service on behalf of the same admin.</summary>
    public static string AccessToken(this HttpContext http) => http.Request.Headers.Authorization.ToString()["Bearer ".Length..];
}
