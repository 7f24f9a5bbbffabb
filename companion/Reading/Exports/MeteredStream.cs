namespace Soundings.Reading.Exports;

/// <summary>
/// A file of an export while it is read: counts the bytes that really come (what an archive says of itself proves nothing), stops at the limits,
/// reports how far it is, and ends when the import is cancelled.
/// </summary>
internal sealed class MeteredStream(Stream inner, string file, long? packedBytes, ImportMeter meter, bool leaveOpen = false) : Stream
{
    private long _read;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => _read; set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int read;
        try
        {
            read = inner.Read(buffer);
        }
        catch (InvalidDataException error)
        {
            throw new ImportRefused(file, $"its packed bytes are damaged ({error.GetType().Name}).");
        }
        _read += read;
        if (_read > ImportLimits.FileBytes) throw new ImportRefused(file, $"it is larger than {ImportLimits.FileBytes >> 20} MiB.");
        if (_read > ImportLimits.RatioFreeBytes && _read / ImportLimits.Ratio > packedBytes)
            throw new ImportRefused(file, $"it unpacks to more than {ImportLimits.Ratio} times its size.");
        meter.Add(file, read);
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !leaveOpen) inner.Dispose();
        base.Dispose(disposing);
    }
}
