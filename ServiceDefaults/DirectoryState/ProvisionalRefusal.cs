using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using ServiceDefaults.Messaging;

namespace ServiceDefaults.DirectoryState;

/// <summary>A refusal that is not final: it depends on projected facts, and the directory could not be asked.</summary>
public static class ProvisionalRefusal
{
    private const string Hint = " The directory service could not be asked, so a change of the last moments may be missing here. Try again after the seconds of Retry-After.";

    /// <summary>
    /// Returns the problem unchanged when it is <paramref name="final"/>; otherwise adds <c>Retry-After</c> and an explanation.
    /// </summary>
    public static ProblemHttpResult UnlessFinal(bool final, HttpContext http, ProblemHttpResult problem)
    {
        if (final) return problem;
        http.Response.Headers.RetryAfter = FactArrivalSignal.Grace.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        problem.ProblemDetails.Detail += Hint;
        return problem;
    }
}
