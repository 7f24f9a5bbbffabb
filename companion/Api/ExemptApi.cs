using System.Globalization;
using Soundings.Storage;

namespace Soundings.Api;

/// <summary><c>What</c>: person, group or page, known by its address or else its name.</summary>
internal sealed record ExemptRequest(string What, string Site)
{
    public string? Name { get; init; }
    public string? Url { get; init; }
}

internal sealed record ExemptView(long Id, string What, string? Site, string Handle, string Name, string At);

internal sealed record ExemptReply(IReadOnlyList<ExemptView> Exempt)
{
    /// <summary>The id by which what was just added can be taken back.</summary>
    [System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]
    public long? Added { get; init; }
}

/// <summary>"Never judge my sister": who and what stays without marks, at once and everywhere.</summary>
internal static class ExemptApi
{
    public static void MapExempt(this IEndpointRouteBuilder api)
    {
        api.MapGet("/exempt", GetAsync).For(Scopes.Ext | Scopes.Dash | Scopes.Cli);
        api.MapPost("/exempt", PostAsync).For(Scopes.Ext | Scopes.Dash | Scopes.Cli);
        api.MapDelete("/exempt/{id}", DeleteAsync).For(Scopes.Ext | Scopes.Dash | Scopes.Cli);
    }

    private static Task GetAsync(HttpContext http) => ListAsync(http, null);

    private static Task ListAsync(HttpContext http, long? added) => Reply.JsonAsync(http,
        new ExemptReply([.. Store(http).All().Select(View)]) { Added = added },
        WireJson.Context.ExemptReply);

    public static ExemptView View(Exempt e) => new(e.Id, e.What, e.Site.Length == 0 ? null : e.Site, e.Handle, e.Name, Moment.Format(e.At));

    private static async Task PostAsync(HttpContext http)
    {
        if (await WireJson.ReadAsync(http, WireJson.Context.ExemptRequest) is not { } request) return;
        Author who = new(request.Name, request.Url);
        string? fault = request.What is not ("person" or "group" or "page") ? "what is person, group or page."
            : string.IsNullOrWhiteSpace(request.Name) && string.IsNullOrWhiteSpace(request.Url) ? "a name or an address is needed."
            : ItemCheck.Fault(new Item("x", Kind.Post, "") { Site = request.Site, Author = who });
        if (fault is not null)
        {
            await Reply.ProblemAsync(http, ProblemTypes.Invalid, fault);
            return;
        }
        Exempt added = await Store(http).AddAsync(request.What, request.Site, who, http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow().ToUnixTimeMilliseconds());
        await ListAsync(http, added.Id);
    }

    private static async Task DeleteAsync(HttpContext http)
    {
        bool known = long.TryParse((string)http.GetRouteValue("id")!, NumberStyles.None, CultureInfo.InvariantCulture, out long id) && await Store(http).RemoveAsync(id);
        if (known) await GetAsync(http);
        else await Reply.ProblemAsync(http, ProblemTypes.NotFound, "There is no such entry.");
    }

    private static ExemptStore Store(HttpContext http) => http.RequestServices.GetRequiredService<ExemptStore>();
}
