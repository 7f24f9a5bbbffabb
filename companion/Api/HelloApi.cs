using Soundings.Storage;

namespace Soundings.Api;

internal sealed record HelloReply(string Product, int Protocol, string ServerId);

/// <summary>Says that this port is Soundings, and nothing else; web pages never get here.</summary>
internal static class HelloApi
{
    /// <summary>Raised when an older extension could no longer speak with this companion.</summary>
    public const int Protocol = 1;

    public static void MapHello(this IEndpointRouteBuilder api) =>
        api.MapMethods("/hello", [HttpMethods.Get, HttpMethods.Head], (HttpContext http) =>
        {
            HelloReply reply = new("Soundings", Protocol, http.RequestServices.GetRequiredService<Vault>().ServerId);
            return Reply.JsonAsync(http, reply, WireJson.Context.HelloReply);
        }).Open();
}
