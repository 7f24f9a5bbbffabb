using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Soundings.Api;
using Soundings.Cli;
using Soundings.Depth;
using Soundings.Pairing;
using Soundings.Storage;

namespace Soundings.Tests.Api;

/// <summary>
/// The whole companion in this process, on a real socket and a throw-away folder. Only its edges are replaced: the clock, the browser it
/// would open and what it says at the terminal.
/// </summary>
public sealed class TestCompanion : IAsyncDisposable
{
    private static readonly Lazy<Scorer> Starter = new(() => Scorer.Load(StarterModel.Path));
    private readonly TestFolder? _ownFolder;
    private readonly Vault _vault;
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });

    private TestCompanion(WebApplication app, Vault vault, TestFolder? ownFolder)
    {
        App = app;
        _vault = vault;
        _ownFolder = ownFolder;
        Port = new Uri(app.Urls.Single()).Port;
    }

    public WebApplication App { get; }
    public int Port { get; }
    public HandClock Clock { get; private init; } = null!;
    public string ServerId => _vault.ServerId;
    public List<string> Opened { get; private init; } = null!;

    public static async Task<TestCompanion> StartAsync(TestFolder? folder = null) => await StartAsync(folder, new PairingOptions { AttemptsPerMinute = 1000 });

    internal static async Task<TestCompanion> StartAsync(TestFolder? folder, PairingOptions options)
    {
        TestFolder? own = folder is null ? new TestFolder() : null;
        Vault vault = Vault.Open((folder ?? own!).Data);
        HandClock clock = new();
        List<string> opened = [];
        WebApplication app = Program.Compose(0, vault, new ActiveModel(Starter.Value), services => services
            .Replace(ServiceDescriptor.Singleton<TimeProvider>(clock))
            .Replace(ServiceDescriptor.Singleton(options))
            .Replace(ServiceDescriptor.Singleton<Notices>(new SilentNotices()))
            .Replace(ServiceDescriptor.Singleton<Browser>(new NotedBrowser(vault, opened))));
        await app.StartAsync();
        return new TestCompanion(app, vault, own) { Clock = clock, Opened = opened };
    }

    internal T Get<T>() where T : notnull => App.Services.GetRequiredService<T>();

    internal string Token(Scopes scope) => Get<Sessions>().Mint(scope, TimeSpan.FromHours(1));

    internal async Task<Answer> SendAsync(string method, string path, string? token, object? body = null, params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), new Uri($"http://127.0.0.1:{Port}{path}"));
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        foreach ((string name, string value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body as string ?? System.Text.Json.JsonSerializer.Serialize(body)));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }
        return await SendAsync(request);
    }

    internal async Task<Answer> UploadAsync(string path, string token, byte[] content, string type)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri($"http://127.0.0.1:{Port}{path}")) { Content = new ByteArrayContent(content) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        return await SendAsync(request);
    }

    private async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        using HttpResponseMessage response = await _http.SendAsync(request);
        byte[] content = await response.Content.ReadAsByteArrayAsync();
        JsonNode? json = content.Length > 0 && response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true ? JsonNode.Parse(content) : null;
        Dictionary<string, string> all = response.Headers.Concat(response.Content.Headers)
            .ToDictionary(pair => pair.Key, pair => string.Join(",", pair.Value), StringComparer.OrdinalIgnoreCase);
        return new Answer((int)response.StatusCode, json, content, all);
    }

    internal Task<Answer> PostAsync(string path, string? token, object body) => SendAsync("POST", path, token, body);

    internal Task<Answer> GetAsync(string path, string? token) => SendAsync("GET", path, token);

    /// <summary>Sends bytes as they are and reads to the end. Empty: the connection was cut without an answer.</summary>
    public async Task<string> RawAsync(byte[] request, TimeSpan? limit = null)
    {
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, Port);
        using CancellationTokenSource stop = new(limit ?? TimeSpan.FromSeconds(15));
        NetworkStream stream = client.GetStream();
        using MemoryStream answer = new();
        Task reading = stream.CopyToAsync(answer, stop.Token);
        try
        {
            await stream.WriteAsync(request, stop.Token);
        }
        catch (IOException)
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

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await App.DisposeAsync();
        _vault.Dispose();
        _ownFolder?.Dispose();
    }

    private sealed class SilentNotices : Notices
    {
        public override void Say(string notice)
        {
        }
    }

    private sealed class NotedBrowser(Vault vault, List<string> opened) : Browser(vault)
    {
        public override void Open(string link) => opened.Add(link);
    }
}

/// <summary>An answer, read whole.</summary>
internal sealed record Answer(int Status, JsonNode? Json, byte[] Body, IReadOnlyDictionary<string, string> Headers)
{
    public string? ProblemName => (string?)Json?["type"] is { } type ? type[(type.LastIndexOf(':') + 1)..] : null;
}
