using System.Text;

namespace Soundings.Reading.Exports;

/// <summary>
/// Owns turning the bytes of a table into lines of text, one at a time and none over the limit. Bytes that are not UTF-8 refuse the file with the
/// line they stand in: guessing an old code page would store mangled names for good.
/// </summary>
internal static class StrictLines
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public readonly record struct Line(int Number, string Text);

    public static IEnumerable<Line> Read(Stream stream, string file)
    {
        byte[] buffer = new byte[1 << 16];
        (int start, int end, int number) = (0, 0, 0);
        while (true)
        {
            int length = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            if (length >= 0)
            {
                yield return Decode(buffer.AsSpan(start, length), ++number, file);
                start += length + 1;
                continue;
            }
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
            if (end >= ImportLimits.RecordBytes) throw new ImportRefused(file, number + 1, $"the line is longer than {ImportLimits.RecordBytes >> 20} MiB.");
            if (end == buffer.Length) Array.Resize(ref buffer, Math.Min(buffer.Length * 2, ImportLimits.RecordBytes));
            int read = stream.Read(buffer, end, buffer.Length - end);
            if (read == 0) break;
            end += read;
        }
        if (end > 0) yield return Decode(buffer.AsSpan(0, end), ++number, file);
    }

    private static Line Decode(ReadOnlySpan<byte> bytes, int number, string file)
    {
        if (number == 1)
        {
            if (bytes.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) bytes = bytes[3..];
            if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || bytes.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
                throw new ImportRefused(file, 1, "it is written in UTF-16. Save it as UTF-8, or give the export as the site sent it.");
        }
        if (bytes.EndsWith("\r"u8)) bytes = bytes[..^1];
        if (bytes.Contains((byte)0)) throw new ImportRefused(file, number, "there is a zero byte in it, so it is no text.");
        try
        {
            return new Line(number, Strict.GetString(bytes));
        }
        catch (DecoderFallbackException)
        {
            throw new ImportRefused(file, number, "it is not UTF-8 (a spreadsheet may have saved it as Windows-1252). Save it as UTF-8, or give the export as the site sent it.");
        }
    }
}
