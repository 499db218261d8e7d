using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using ServiceDefaults.Messaging;

namespace ServiceDefaults.Feed;

/// <summary>A refusal that rests on what is known here, while the directory could not be asked whether that is still so.</summary>
public static class Undecided
{
    private const string Hint = " The directory service could not be asked, so a change of the last moments may be missing here. Try again after the seconds of Retry-After.";

    /// <summary>The problem as it is when it is <paramref name="final"/>; else with <c>Retry-After</c>, and a word of why.</summary>
    public static ProblemHttpResult Unless(bool final, HttpContext http, ProblemHttpResult problem)
    {
        if (final) return problem;
        http.Response.Headers.RetryAfter = FactArrivals.Grace.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        problem.ProblemDetails.Detail += Hint;
        return problem;
    }
}
