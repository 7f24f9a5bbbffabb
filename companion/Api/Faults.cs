using Microsoft.Data.Sqlite;
using Soundings.Storage;

namespace Soundings.Api;

/// <summary>
/// Turns whatever an endpoint throws into a problem of the closed list. What went wrong inside is logged by type and place;
/// messages may quote a text somebody wrote, so they stay out of logs and answers alike.
/// </summary>
internal sealed class Faults(RequestDelegate next, ILogger<Faults> log)
{
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            http.Abort();
        }
        catch (Exception error)
        {
            Problem problem = Classify(error);
            if (problem.Status >= 500) log.LogError("{Type} {TraceId}: {Fault} at {Place}", problem.Type, http.TraceIdentifier, error.GetType().Name, error.StackTrace);
            if (http.Response.HasStarted)
            {
                http.Abort();
                return;
            }
            if (problem.Status == 503) Reply.RetryAfter(http, TimeSpan.FromSeconds(2));
            await Reply.ProblemAsync(http, problem);
        }
    }

    /// <summary>SQLite's primary result codes: 5 busy, 6 locked, 13 full; the rest of the file's troubles are one state to a client.</summary>
    public static Problem Classify(Exception error) => error switch
    {
        BadHttpRequestException { StatusCode: 408 } => ProblemTypes.TooSlow,
        BadHttpRequestException { StatusCode: 413 } => ProblemTypes.TooLarge,
        BadHttpRequestException { StatusCode: 431 } => ProblemTypes.HeadersTooLarge,
        BadHttpRequestException => ProblemTypes.BadRequest,
        SqliteException { SqliteErrorCode: 5 or 6 } => ProblemTypes.Busy,
        SqliteException or IOException when Reserve.IsFull(error) => ProblemTypes.DiskFull,
        SqliteException { SqliteErrorCode: 8 or 10 or 11 or 14 or 26 } or IOException or UnauthorizedAccessException => ProblemTypes.StorageFailed,
        ObjectDisposedException or OperationCanceledException or TimeoutException => ProblemTypes.Busy,
        _ => ProblemTypes.Internal,
    };
}
