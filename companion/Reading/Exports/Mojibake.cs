using System.Buffers;
using System.Text;

namespace Soundings.Reading.Exports;

/// <summary>
/// Owns Facebook's JSON mistake: it writes UTF-8 byte by byte as if each byte were a letter, so that é comes as <c>\u00c3\u00a9</c> and reads Ã©.
/// Newer exports are partly sound, so only runs of such letters that are whole UTF-8 sequences are put back; a lone é stays what it is.
/// </summary>
internal static class Mojibake
{
    public static string Repair(string text, ref bool repaired)
    {
        if (!text.AsSpan().ContainsAnyInRange('\u0080', '\u00FF')) return text;
        StringBuilder whole = new(text.Length);
        var changed = false;
        for (int i = 0; i < text.Length;)
        {
            if (text[i] is >= '\u00C2' and <= '\u00F4' && Sequence(text.AsSpan(i)) is { } rune)
            {
                whole.Append(rune.ToString());
                i += rune.Utf8SequenceLength;
                changed = true;
            }
            else
            {
                whole.Append(text[i++]);
            }
        }
        repaired |= changed;
        return changed ? whole.ToString() : text;
    }

    private static Rune? Sequence(ReadOnlySpan<char> letters)
    {
        Span<byte> bytes = stackalloc byte[4];
        var length = 0;
        while (length < 4 && length < letters.Length && letters[length] <= '\u00FF')
        {
            bytes[length] = (byte)letters[length];
            length++;
        }
        return Rune.DecodeFromUtf8(bytes[..length], out Rune rune, out _) == OperationStatus.Done && rune.Value >= 0x80 ? rune : null;
    }
}
