using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Soundings.Api;
using Soundings.Storage;

namespace Soundings.Cli;

/// <summary>How a verb asks the companion that runs on a data folder.</summary>
internal static class CompanionCall
{
    public static Task<TReply> PostAsync<TBody, TReply>(
        DataFolder folder, string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TReply> replyType, CancellationToken stop,
        TimeSpan? patience = null)
    {
        ByteArrayContent content = new(JsonSerializer.SerializeToUtf8Bytes(body, bodyType));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return SendAsync(folder, HttpMethod.Post, path, content, replyType, stop, patience);
    }

    public static Task<TReply> GetAsync<TReply>(DataFolder folder, string path, JsonTypeInfo<TReply> replyType, CancellationToken stop) =>
        SendAsync(folder, HttpMethod.Get, path, null, replyType, stop);

    public static Task<TReply> DeleteAsync<TReply>(DataFolder folder, string path, JsonTypeInfo<TReply> replyType, CancellationToken stop) =>
        SendAsync(folder, HttpMethod.Delete, path, null, replyType, stop);

    /// <summary>The body as it is, however large, as it comes.</summary>
    public static Task CopyAsync(DataFolder folder, string path, Stream output, CancellationToken stop) =>
        AskAsync(folder, HttpMethod.Get, path, null, async reply =>
        {
            await reply.CopyToAsync(output, stop);
            return true;
        }, stop, Timeout.InfiniteTimeSpan);

    private static Task<TReply> SendAsync<TReply>(
        DataFolder folder, HttpMethod method, string path, HttpContent? content, JsonTypeInfo<TReply> replyType, CancellationToken stop, TimeSpan? patience = null) =>
        AskAsync(folder, method, path, content, async reply =>
            await reply.ReadFromJsonAsync(replyType, stop) ?? throw new InvalidOperationException($"{path} answered nothing"), stop, patience);

    private static async Task<TReply> AskAsync<TReply>(
        DataFolder folder, HttpMethod method, string path, HttpContent? content, Func<HttpContent, Task<TReply>> read, CancellationToken stop,
        TimeSpan? patience = null)
    {
        RunningCompanion running = RunningCompanion.Read(folder) ?? throw NotRunning(folder);
        // Never through a proxy: the call stays on this machine, and carries a token.
        using HttpClient http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = patience ?? TimeSpan.FromSeconds(30) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", running.Token);
        http.DefaultRequestHeaders.Add("X-Soundings-Server", running.ServerId);
        using HttpRequestMessage request = new(method, new Uri($"{running.Address}/api/v1/{path}")) { Content = content };
        try
        {
            using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
            if (response.IsSuccessStatusCode) return await read(response.Content);
            // Another program may sit on the port of a companion that was killed.
            if (response.StatusCode == System.Net.HttpStatusCode.Unauthorized) throw NotRunning(folder);
            Problem? problem = await response.Content.ReadFromJsonAsync(WireJson.Context.Problem, stop);
            throw new MendableError($"The companion answered: {problem?.Title} {problem?.Detail}");
        }
        catch (Exception error) when (error is HttpRequestException or JsonException or TaskCanceledException && !stop.IsCancellationRequested)
        {
            throw NotRunning(folder, error);
        }
    }

    private static MendableError NotRunning(DataFolder folder, Exception? inner = null) =>
        new($"No companion is running on {folder.Path}. Start one with: soundings serve --data \"{folder.Path}\"", inner);
}
