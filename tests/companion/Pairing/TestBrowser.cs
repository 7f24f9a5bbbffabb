using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Soundings.Tests.Api;

namespace Soundings.Tests.Pairing;

/// <summary>
/// The extension's side of pairing, written a second time from the description of the wire, so that the companion's own arithmetic is not
/// its judge. It refuses what a real browser must refuse.
/// </summary>
internal sealed class TestBrowser(Wire companion, string? origin = null)
{
    public TestBrowser(TestCompanion companion, string? origin = null) : this(companion.Wire, origin)
    {
    }

    public string ServerId { get; private set; } = "";
    public string ClientId { get; private set; } = "";
    public string Words { get; private set; } = "";
    public string Token { get; private set; } = "";
    private byte[] _secret = [];
    private byte[] _proofKey = [];

    /// <summary>Pairs by the ticket of a link; null when it was accepted and proven, else the problem's name.</summary>
    public async Task<string?> PairAsync(string ticket, Action<Dictionary<string, string>>? tamper = null)
    {
        string id = B64(SHA256.HashData(Utf8("soundings ticket id\n" + ticket))[..16]), nonce = B64(RandomNumberGenerator.GetBytes(16)), name = "Test browser";
        byte[] key = HKDF.DeriveKey(HashAlgorithmName.SHA256, Utf8(ticket), 32, [], Utf8("soundings pair v1"));
        Dictionary<string, string> request = new()
        {
            ["ticketId"] = id,
            ["nonceC"] = nonce,
            ["name"] = name,
            ["mac"] = Mac(key, $"client\n{id}\n{nonce}\n{name}"),
        };
        tamper?.Invoke(request);
        Answer answer = await SendAsync("POST", "/api/v1/pair", null, request);
        if (answer.Status != 200) return answer.ProblemName;
        string nonceS = (string)answer.Json!["nonceS"]!;
        (ServerId, ClientId, Words) = ((string)answer.Json["serverId"]!, (string)answer.Json["clientId"]!, (string)answer.Json["words"]!);
        Assert.Equal(Mac(key, $"server\n{id}\n{nonce}\n{nonceS}\n{ServerId}\n{ClientId}"), (string)answer.Json["mac"]!);
        _secret = HKDF.DeriveKey(HashAlgorithmName.SHA256, Utf8(ticket), 32, Utf8(nonce + "\n" + nonceS), Utf8("soundings client v1"));
        return null;
    }

    public async Task<string?> PairByCodeAsync(string code)
    {
        string serverId = (string)(await SendAsync("GET", "/api/v1/hello", null, null)).Json!["serverId"]!;
        return await PairAsync(B64(Rfc2898DeriveBytes.Pbkdf2(Utf8(code.Replace("-", "", StringComparison.Ordinal)), Utf8(serverId), 200_000, HashAlgorithmName.SHA256, 16)));
    }

    /// <summary>Opens a session, believing it only when the companion has proven itself.</summary>
    public async Task<string?> OpenSessionAsync()
    {
        string nonce = B64(RandomNumberGenerator.GetBytes(16));
        Answer answer = await SendAsync("POST", "/api/v1/session", null, new { clientId = ClientId, nonceC = nonce });
        if (answer.Status != 200) return answer.ProblemName;
        string nonceS = (string)answer.Json!["nonceS"]!;
        Assert.Equal(Mac(_secret, $"session\n{ServerId}\n{ClientId}\n{companion.Port}\n{nonce}\n{nonceS}"), (string)answer.Json["mac"]!);
        Token = Mac(_secret, $"token\n{nonce}\n{nonceS}");
        _proofKey = HMACSHA256.HashData(_secret, Utf8($"proof\n{nonce}\n{nonceS}"));
        return null;
    }

    /// <summary>A call as the worker makes it, its answer proven.</summary>
    public async Task<Answer> CallAsync(string method, string path, object? body = null)
    {
        string nonce = B64(RandomNumberGenerator.GetBytes(16));
        Answer answer = await SendAsync(method, path, Token, body, ("X-Soundings-Request", nonce));
        if (answer.Status != 401)
        {
            string expected = Mac(_proofKey, $"{nonce}\n{answer.Status}\n{B64(SHA256.HashData(answer.Body))}");
            Assert.Equal(expected, answer.Headers["X-Soundings-Proof"]);
        }
        return answer;
    }

    private Task<Answer> SendAsync(string method, string path, string? token, object? body, params (string, string)[] headers) =>
        companion.SendAsync(method, path, token, body, origin is null ? headers : [.. headers, ("Origin", origin)]);

    private static string Mac(byte[] key, string text) => B64(HMACSHA256.HashData(key, Utf8(text)));

    private static string B64(byte[] bytes) => Base64Url.EncodeToString(bytes);

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
