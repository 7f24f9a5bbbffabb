using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Soundings.Api;
using Soundings.Storage;

namespace Soundings.Cli;

/// <summary>How a verb asks the companion that runs on a data folder.</summary>
internal static class CompanionCall
{
    public static async Task<TReply> PostAsync<TBody, TReply>(
        DataFolder folder, string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TReply> replyType, CancellationToken stop,
        TimeSpan? patience = null)
    {
        RunningCompanion running = RunningCompanion.Read(folder) ?? throw NotRunning(folder);
        // Never through a proxy: the call stays on this machine, and carries a token.
        using HttpClient http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = patience ?? TimeSpan.FromSeconds(30) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", running.Token);
        http.DefaultRequestHeaders.Add("X-Soundings-Server", running.ServerId);
        using ByteArrayContent content = new(JsonSerializer.SerializeToUtf8Bytes(body, bodyType));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        try
        {
            using HttpResponseMessage response = await http.PostAsync(new Uri($"{running.Address}/api/v1/{path}"), content, stop);
            if (response.IsSuccessStatusCode)
                return await response.Content.ReadFromJsonAsync(replyType, stop) ?? throw new InvalidOperationException($"{path} answered nothing");
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
