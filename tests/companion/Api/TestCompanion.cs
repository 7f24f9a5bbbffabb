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

    private TestCompanion(WebApplication app, Vault vault, TestFolder? ownFolder)
    {
        App = app;
        _vault = vault;
        _ownFolder = ownFolder;
        Wire = new Wire(new Uri(app.Urls.Single()).Port);
    }

    public WebApplication App { get; }
    public int Port => Wire.Port;
    internal Wire Wire { get; }
    public HandClock Clock { get; private init; } = null!;
    public string ServerId => _vault.ServerId;
    public List<string> Opened { get; private init; } = null!;

    public static async Task<TestCompanion> StartAsync(TestFolder? folder = null) => await StartAsync(folder, new PairingOptions { AttemptsPerMinute = 1000 });

    internal static async Task<TestCompanion> StartAsync(TestFolder? folder, PairingOptions options, Action<IServiceCollection>? edges = null)
    {
        TestFolder? own = folder is null ? new TestFolder() : null;
        Vault vault = Vault.Open((folder ?? own!).Data);
        HandClock clock = new();
        List<string> opened = [];
        WebApplication app = Program.Compose(0, vault, new ActiveModel(Starter.Value), services =>
        {
            services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock))
                .Replace(ServiceDescriptor.Singleton(options))
                .Replace(ServiceDescriptor.Singleton<Notices>(new SilentNotices()))
                .Replace(ServiceDescriptor.Singleton<Browser>(new NotedBrowser(vault, opened)));
            edges?.Invoke(services);
        });
        await app.StartAsync();
        return new TestCompanion(app, vault, own) { Clock = clock, Opened = opened };
    }

    internal T Get<T>() where T : notnull => App.Services.GetRequiredService<T>();

    internal string Token(Scopes scope) => Get<Sessions>().Mint(scope, TimeSpan.FromHours(1));

    internal Task<Answer> SendAsync(string method, string path, string? token, object? body = null, params (string Name, string Value)[] headers) =>
        Wire.SendAsync(method, path, token, body, headers);

    internal Task<Answer> UploadAsync(string path, string token, byte[] content, string type) => Wire.UploadAsync(path, token, content, type);

    internal Task<Answer> PostAsync(string path, string? token, object body) => SendAsync("POST", path, token, body);

    internal Task<Answer> GetAsync(string path, string? token) => SendAsync("GET", path, token);

    /// <summary>Sends bytes as they are and reads to the end. Empty: the connection was cut without an answer.</summary>
    public Task<string> RawAsync(byte[] request, TimeSpan? limit = null) => Wire.RawAsync(request, limit);

    public async ValueTask DisposeAsync()
    {
        Wire.Dispose();
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
