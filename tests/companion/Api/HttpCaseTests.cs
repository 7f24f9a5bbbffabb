using System.Text;
using System.Text.Json.Nodes;
using Soundings.Api;

namespace Soundings.Tests.Api;

/// <summary>
/// The hostile requests of <c>http-cases.jsonl</c>, sent as raw bytes. A case passes when its status comes back (or the connection is cut
/// without an answer, where that is the answer), nothing of the inside shows, the security headers stand, and the next valid call works.
/// </summary>
public sealed class HttpCaseTests
{
    private static readonly string[] AlwaysSent =
        ["X-Content-Type-Options: nosniff", "Cross-Origin-Resource-Policy: same-origin", "X-Frame-Options: DENY", "Referrer-Policy: no-referrer", "Cache-Control: no-store", "frame-ancestors 'none'"];

    private static readonly string[] NeverSent = ["Access-Control-", "\nServer:", "Set-Cookie", "   at ", ".cs:", "Exception", "Soundings.Api", "System."];

    [Fact]
    public async Task Every_hostile_request_is_answered_as_its_case_says()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        Dictionary<string, string> words = new()
        {
            ["{P}"] = $"{companion.Port}",
            ["{CLI}"] = companion.Token(Scopes.Cli),
            ["{EXT}"] = companion.Token(Scopes.Ext),
            ["{DASH}"] = companion.Token(Scopes.Dash),
        };
        string token = words["{CLI}"];
        words["{CLI-CHANGED}"] = token[..^1] + (token[^1] == 'A' ? 'E' : 'A');
        List<string> faults = [];
        foreach (string line in await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "Api", "http-cases.jsonl")))
        {
            JsonNode one = JsonNode.Parse(line)!;
            string answer = await companion.RawAsync(Bytes(one, words));
            string? fault = Fault(one, answer);
            if (fault is not null) faults.Add($"{one["id"]} {one["what"]}: {fault}");
            companion.Clock.Pass(TimeSpan.FromSeconds(1));
            if ((await companion.GetAsync("/api/v1/hello", null)).Status != 200) faults.Add($"{one["id"]}: the companion did not answer afterwards");
        }
        Assert.True(faults.Count == 0, string.Join("\n", faults));
    }

    private static byte[] Bytes(JsonNode one, Dictionary<string, string> words)
    {
        if ((string?)one["raw"] is { } raw) return Encoding.UTF8.GetBytes(Fill(raw, words));
        List<string> lines = [.. one["lines"]!.AsArray().Select(line => Fill((string)line!, words))];
        byte[] body = (string?)one["bodyHex"] is { } hex ? Convert.FromHexString(hex) : Encoding.UTF8.GetBytes((string?)one["body"] ?? "");
        if (one["keep"] is null) lines.Add("Connection: close");
        bool framed = lines.Any(line => line.StartsWith("Content-Length", StringComparison.Ordinal) || line.StartsWith("Transfer-Encoding", StringComparison.Ordinal));
        if (!framed && (one["body"] ?? one["bodyHex"]) is not null) lines.Add($"Content-Length: {body.Length}");
        return [.. Encoding.UTF8.GetBytes(string.Join("\r\n", lines) + "\r\n\r\n"), .. body];
    }

    private static string Fill(string text, Dictionary<string, string> words) =>
        words.Aggregate(text, (filled, word) => filled.Replace(word.Key, word.Value, StringComparison.Ordinal));

    private static string? Fault(JsonNode one, string answer)
    {
        string got = answer.Length == 0 ? "abort" : answer.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) ? answer[9..12] : "not-http";
        if (!one["expect"]!.AsArray().Any(status => status!.ToString() == got)) return $"expected {one["expect"]!.ToJsonString()}, got {got}: {answer}";
        if (NeverSent.FirstOrDefault(word => answer.Contains(word, StringComparison.OrdinalIgnoreCase)) is { } leak) return $"'{leak.Trim()}' in {answer}";
        foreach (JsonNode? word in one["present"]?.AsArray() ?? [])
        {
            if (!answer.Contains((string)word!, StringComparison.Ordinal)) return $"'{word}' missing in {answer}";
        }
        // What Kestrel cannot read as HTTP it answers itself, with nothing but the status and the date.
        bool oursToAnswer = got != "abort" && answer.Contains("X-Soundings-Server", StringComparison.Ordinal);
        if (!oursToAnswer && got is not ("abort" or "not-http" or "400" or "431" or "505")) return $"without our headers: {answer}";
        return oursToAnswer && AlwaysSent.FirstOrDefault(header => !answer.Contains(header, StringComparison.Ordinal)) is { } missing ? $"'{missing}' missing in {answer}" : null;
    }
}
