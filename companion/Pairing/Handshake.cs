using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Soundings.Pairing;

/// <summary>
/// The arithmetic of pairing, pure, as the extension has it in its own language. Both sides prove by HMAC that they know the one-time
/// ticket (first) and the secret derived from it (ever after); neither ticket, secret nor token goes over the wire.
/// Strings are joined by line feeds, in UTF-8; bytes travel as base64url without padding.
/// </summary>
internal static class Handshake
{
    /// <summary>Crockford's base 32: no I, L, O, U to mistake.</summary>
    private const string CodeAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>Rounds that make each guess at a 50-bit code cost some 50 ms within its 120 s.</summary>
    private const int CodeRounds = 200_000;

    public static string TicketId(string ticket) =>
        Base64Url.EncodeToString(SHA256.HashData(Utf8("soundings ticket id\n" + ticket)).AsSpan(0, 16));

    public static byte[] PairKey(string ticket) => HKDF.DeriveKey(HashAlgorithmName.SHA256, Utf8(ticket), 32, [], Utf8("soundings pair v1"));

    public static string ClientMac(byte[] pairKey, string ticketId, string nonceC, string name) => Mac(pairKey, "client", ticketId, nonceC, name);

    public static string ServerMac(byte[] pairKey, string ticketId, string nonceC, string nonceS, string serverId, string clientId) =>
        Mac(pairKey, "server", ticketId, nonceC, nonceS, serverId, clientId);

    /// <summary>The long-term secret that companion and browser share from now on.</summary>
    public static byte[] ClientSecret(string ticket, string nonceC, string nonceS) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, Utf8(ticket), 32, Utf8(nonceC + "\n" + nonceS), Utf8("soundings client v1"));

    public static string SessionMac(byte[] secret, string serverId, string clientId, int port, string nonceC, string nonceS) =>
        Mac(secret, "session", serverId, clientId, port.ToString(CultureInfo.InvariantCulture), nonceC, nonceS);

    public static string SessionToken(byte[] secret, string nonceC, string nonceS) => Mac(secret, "token", nonceC, nonceS);

    public static byte[] ProofKey(byte[] secret, string nonceC, string nonceS) => HMACSHA256.HashData(secret, Utf8("proof\n" + nonceC + "\n" + nonceS));

    /// <summary>Two words from the transcript, shown on both sides: a glance tells two browsers apart. They inform; the macs decide.</summary>
    public static string Words(byte[] pairKey, string serverMac)
    {
        byte[] digest = HMACSHA256.HashData(pairKey, Utf8("words\n" + serverMac));
        return PairingWords.First[digest[0] % PairingWords.First.Count] + " " + PairingWords.Second[digest[1] % PairingWords.Second.Count];
    }

    public static bool MacsEqual(string expected, string given) => CryptographicOperations.FixedTimeEquals(Utf8(expected), Utf8(given));

    public static string NewNonce() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));

    /// <summary>16 bytes in the one spelling that base64url without padding has for them.</summary>
    public static bool IsNonce(string text)
    {
        Span<byte> bytes = stackalloc byte[16];
        return text.Length == 22 && Base64Url.IsValid(text) && Base64Url.TryDecodeFromChars(text, bytes, out int written) && written == 16 && Base64Url.EncodeToString(bytes) == text;
    }

    /// <summary>Ten characters, 50 bits, shown in two groups: <c>K7QF3-M2TXD</c>.</summary>
    public static string NewCode()
    {
        string code = RandomNumberGenerator.GetString(CodeAlphabet, 10);
        return code[..5] + "-" + code[5..];
    }

    public static string SecretOfCode(string code, string serverId)
    {
        string normal = code.ToUpperInvariant().Replace("-", "", StringComparison.Ordinal);
        return Base64Url.EncodeToString(Rfc2898DeriveBytes.Pbkdf2(Utf8(normal), Utf8(serverId), CodeRounds, HashAlgorithmName.SHA256, 16));
    }

    private static string Mac(byte[] key, params ReadOnlySpan<string> parts) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(key, Utf8(string.Join('\n', parts))));

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
