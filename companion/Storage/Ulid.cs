using System.Security.Cryptography;

namespace Soundings.Storage;

/// <summary>Ids of labels: 48 bits of time and 80 random ones in Crockford's base 32, made where the click was.</summary>
internal static class Ulid
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>The canonical spelling only: 26 characters in upper case, of which the first holds three bits.</summary>
    public static bool IsValid(string text) => text.Length == 26 && text[0] <= '7' && !text.AsSpan().ContainsAnyExcept(Alphabet);

    public static string New(long milliseconds)
    {
        Span<char> text = stackalloc char[26];
        for (int i = 9; i >= 0; i--, milliseconds >>= 5) text[i] = Alphabet[(int)(milliseconds & 31)];
        RandomNumberGenerator.GetItems(Alphabet, text[10..]);
        return new string(text);
    }
}
