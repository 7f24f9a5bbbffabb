using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Soundings.Tests.Api;

/// <summary>The way to a companion on a port of this machine: calls as a client makes them, and bytes as they are.</summary>
internal sealed class Wire(int port) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });

    public int Port => port;

    public async Task<Answer> SendAsync(string method, string path, string? token, object? body = null, params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), new Uri($"http://127.0.0.1:{port}{path}"));
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        foreach ((string name, string value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body as byte[] ?? Encoding.UTF8.GetBytes(body as string ?? System.Text.Json.JsonSerializer.Serialize(body)));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }
        return await SendAsync(request);
    }

    public async Task<Answer> UploadAsync(string path, string token, byte[] content, string type)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri($"http://127.0.0.1:{port}{path}")) { Content = new ByteArrayContent(content) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        return await SendAsync(request);
    }

    /// <summary>
    /// Sends bytes as they are and reads to the end. Empty: the connection was cut without an answer. <paramref name="thenEnd"/>: nothing more
    /// will come, so that nobody waits for the rest of a request without one.
    /// </summary>
    public async Task<string> RawAsync(byte[] request, TimeSpan? limit = null, bool thenEnd = false)
    {
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, port);
        using CancellationTokenSource stop = new(limit ?? TimeSpan.FromSeconds(15));
        NetworkStream stream = client.GetStream();
        using MemoryStream answer = new();
        Task reading = stream.CopyToAsync(answer, stop.Token);
        try
        {
            await stream.WriteAsync(request, stop.Token);
            if (thenEnd) client.Client.Shutdown(SocketShutdown.Send);
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            // Refused before all was sent: what was answered is read all the same.
        }
        try
        {
            await reading;
        }
        catch (IOException)
        {
            // A reset instead of an end.
        }
        return Encoding.UTF8.GetString(answer.ToArray());
    }

    public void Dispose() => _http.Dispose();

    private async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        using HttpResponseMessage response = await _http.SendAsync(request);
        byte[] content = await response.Content.ReadAsByteArrayAsync();
        JsonNode? json = content.Length > 0 && response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true ? JsonNode.Parse(content) : null;
        Dictionary<string, string> all = response.Headers.Concat(response.Content.Headers)
            .ToDictionary(pair => pair.Key, pair => string.Join(",", pair.Value), StringComparer.OrdinalIgnoreCase);
        return new Answer((int)response.StatusCode, json, content, all);
    }
}

/// <summary>An answer, read whole.</summary>
internal sealed record Answer(int Status, JsonNode? Json, byte[] Body, IReadOnlyDictionary<string, string> Headers)
{
    public string? ProblemName => (string?)Json?["type"] is { } type ? type[(type.LastIndexOf(':') + 1)..] : null;
}
