using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Soundings.Api;
using Soundings.Storage;

namespace Soundings.Cli;

/// <summary>
/// The companion as a browser meets it, in a process of its own on a throw-away folder: from start to ready and to the first score, what a batch of
/// twenty costs over HTTP, and how much memory it holds.
/// </summary>
internal sealed class ServeBench(IReadOnlyList<Item[]> batches) : IAsyncDisposable
{
    private const int Starts = 5, WarmUp = 400, Rounds = 2_000, CallsPerToken = 250;
    private readonly string _folder = Directory.CreateTempSubdirectory("soundings-bench-").FullName;
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly byte[][] _asked = Bodies(batches, observe: false), _observed = Bodies(batches, observe: true);
    private Process? _companion;
    private RunningCompanion _running = null!;
    private string _token = "";
    private int _calls;

    /// <summary>Milliseconds and megabytes, as a JSON object.</summary>
    public async Task<JsonObject> RunAsync()
    {
        List<double> ready = [], first = [];
        for (int i = 0; i < Starts; i++)
        {
            await StopAsync();
            long start = Stopwatch.GetTimestamp();
            await StartAsync();
            ready.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            await ScoreAsync(0, observe: false);
            first.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        // Once more, and left alone until its first work is done.
        await StopAsync();
        await StartAsync();
        await Task.Delay(TimeSpan.FromSeconds(5));
        double idle = Megabytes();
        for (int i = 0; i < WarmUp; i++) await ScoreAsync(i, observe: true);
        (double median, double slow) = await RoundsAsync(observe: false);
        (double storedMedian, double storedSlow) = await RoundsAsync(observe: true);
        return new JsonObject
        {
            ["startToReadyMs"] = Math.Round(Median(ready), 0),
            ["startToFirstScoreMs"] = Math.Round(Median(first), 0),
            ["firstStartToFirstScoreMs"] = Math.Round(first[0], 0),
            ["idleMegabytes"] = Math.Round(idle, 0),
            ["megabytesAfterTraffic"] = Math.Round(Megabytes(), 0),
            ["httpP50Ms"] = Math.Round(median, 3),
            ["httpP99Ms"] = Math.Round(slow, 3),
            ["httpStoredP50Ms"] = Math.Round(storedMedian, 3),
            ["httpStoredP99Ms"] = Math.Round(storedSlow, 3),
        };
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartAsync()
    {
        string program = Environment.ProcessPath!;
        string[] serve = ["serve", "--no-browser", "--port", "0", "--data", Path.Combine(_folder, "data")];
        string[] arguments = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [typeof(ServeBench).Assembly.Location, .. serve] : serve;
        _companion = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string? said = await _companion.StandardOutput.ReadLineAsync();
        if (said is null || RunningCompanion.Read(DataFolder.At(Path.Combine(_folder, "data"))) is not { } running) throw new InvalidOperationException("the companion did not start");
        (_running, _calls) = (running, CallsPerToken);
    }

    private async Task StopAsync()
    {
        if (_companion is null) return;
        _companion.Kill();
        await _companion.WaitForExitAsync();
        _companion.Dispose();
        _companion = null;
    }

    private async Task<(double Median, double Slow)> RoundsAsync(bool observe)
    {
        double[] times = new double[Rounds];
        for (int i = 0; i < Rounds; i++)
        {
            if (_calls >= CallsPerToken) await ScoreAsync(i, observe); // asks for the next token, off the clock
            long start = Stopwatch.GetTimestamp();
            await ScoreAsync(i, observe);
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
        Array.Sort(times);
        return (times[Rounds / 2], times[Rounds * 99 / 100]);
    }

    /// <summary>One batch, under a token whose rate is not used up.</summary>
    private async Task ScoreAsync(int round, bool observe)
    {
        if (_calls++ >= CallsPerToken)
        {
            using HttpResponseMessage minted = await SendAsync("tokens", JsonSerializer.SerializeToUtf8Bytes(new TokenRequest("ext"), WireJson.Context.TokenRequest), _running.Token);
            (_token, _calls) = ((await minted.Content.ReadFromJsonAsync(WireJson.Context.TokenReply))!.Token, 1);
        }
        byte[][] bodies = observe ? _observed : _asked;
        using HttpResponseMessage reply = await SendAsync("score", bodies[round % bodies.Length], _token);
        await reply.Content.ReadAsByteArrayAsync();
    }

    private async Task<HttpResponseMessage> SendAsync(string path, byte[] body, string token)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri($"{_running.Address}/api/v1/{path}")) { Content = new ByteArrayContent(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        HttpResponseMessage response = await _http.SendAsync(request);
        return response.EnsureSuccessStatusCode();
    }

    private static byte[][] Bodies(IReadOnlyList<Item[]> batches, bool observe) =>
        [.. batches.Select(batch => JsonSerializer.SerializeToUtf8Bytes(new ScoreRequest(batch) { Observe = observe }, WireJson.Context.ScoreRequest))];

    private double Megabytes()
    {
        _companion!.Refresh();
        return _companion.WorkingSet64 / 1e6;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
