using System.Security.Cryptography;
using System.Text;

namespace Soundings.Depth;

/// <summary>
/// Owns the trained numbers and their file. The file is ours, plain numbers behind a magic word, a format number and a SHA-256 of the
/// rest, read only when all three fit: an ML.NET model file names assemblies to load, which a file from outside must never do.
/// </summary>
internal sealed class Model
{
    /// <summary>Depth, then the four facets.</summary>
    public static readonly string[] Heads = ["depth", "reveal", "wisdom", "solicit", "engage"];

    /// <summary>Floats a bucket: one weight a head, then the sentence head's (all times the bucket's rarity), one spare, and the rarity.</summary>
    public const int Lanes = 8, SentenceLane = 5, RarityLane = 7;

    private const int Format = 3;
    private const int HashLength = 32;
    private static readonly byte[] Magic = "SOUNDING"u8.ToArray();

    public required string Version { get; init; }
    public required float[] Table { get; init; }
    public required float[] MeasureMeans { get; init; }

    /// <summary>One over the spread of each measure.</summary>
    public required float[] MeasureScales { get; init; }

    /// <summary>Head by head, one weight a measure, then one more a measure that only counts for posts.</summary>
    public required float[] MeasureWeights { get; init; }

    public required float[] Biases { get; init; }

    /// <summary>The sentence head's weights on its measures, its bias last.</summary>
    public required float[] SentenceWeights { get; init; }

    /// <summary>Head by head: probability = sigmoid(slope * logit + shift).</summary>
    public required float[] Slopes { get; init; }

    public required float[] Shifts { get; init; }

    public Sentences.Head SentenceHead => new()
    {
        Weights = Table.AsSpan(SentenceLane),
        Rarity = Table.AsSpan(RarityLane),
        Stride = Lanes,
        Measures = SentenceWeights,
        Bias = SentenceWeights[^1],
    };

    public byte[] ToBytes()
    {
        var body = new MemoryStream();
        using (var writer = new BinaryWriter(body, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(Version);
            Write(writer, Table);
            Write(writer, MeasureMeans);
            Write(writer, MeasureScales);
            Write(writer, MeasureWeights);
            Write(writer, Biases);
            Write(writer, SentenceWeights);
            Write(writer, Slopes);
            Write(writer, Shifts);
        }
        var bytes = body.ToArray();
        return [.. Magic, .. BitConverter.GetBytes(Format), .. SHA256.HashData(bytes), .. bytes];
    }

    public void Save(string path)
    {
        // Written beside, then renamed: whoever is killed midway leaves the old model whole.
        var beside = $"{path}.{Guid.NewGuid():N}.new";
        using (var file = File.Create(beside))
        {
            file.Write(ToBytes());
            file.Flush(flushToDisk: true);
        }
        File.Move(beside, path, overwrite: true);
    }

    public static Model Load(string path)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MendableError($"The model {path} cannot be read: {e.Message}", e);
        }
        return Read(bytes, path);
    }

    /// <summary>The same from bytes that were checked already; <paramref name="path"/> only names them.</summary>
    public static Model Read(byte[] bytes, string path)
    {
        var header = Magic.Length + sizeof(int) + HashLength;
        if (bytes.Length < header || !bytes.AsSpan(0, Magic.Length).SequenceEqual(Magic))
            throw new MendableError($"{path} is not a Soundings model.");
        var format = BitConverter.ToInt32(bytes, Magic.Length);
        if (format != Format)
            throw new MendableError($"The model {path} has format {format}; this program reads format {Format}. Train it again with this program.");
        var body = bytes.AsSpan(header);
        if (!SHA256.HashData(body).AsSpan().SequenceEqual(bytes.AsSpan(Magic.Length + sizeof(int), HashLength)))
            throw new MendableError($"The model {path} is damaged: its content does not fit its checksum. Train it again, or switch back to an earlier one.");
        using var reader = new BinaryReader(new MemoryStream(bytes, header, bytes.Length - header), Encoding.UTF8);
        var model = new Model
        {
            Version = reader.ReadString(),
            Table = Floats(reader),
            MeasureMeans = Floats(reader),
            MeasureScales = Floats(reader),
            MeasureWeights = Floats(reader),
            Biases = Floats(reader),
            SentenceWeights = Floats(reader),
            Slopes = Floats(reader),
            Shifts = Floats(reader),
        };
        return model.Table.Length == Grams.Buckets * Lanes && model.MeasureMeans.Length == Measures.Count && model.MeasureScales.Length == Measures.Count
            && model.MeasureWeights.Length == Measures.Count * 2 * Heads.Length && model.Biases.Length == Heads.Length && model.SentenceWeights.Length == Sentences.Measured + 1
            && model.Slopes.Length == Heads.Length && model.Shifts.Length == Heads.Length
            ? model
            : throw new MendableError($"The model {path} was trained by a program with other features. Train it again with this program.");
    }

    private static void Write(BinaryWriter writer, float[] values)
    {
        writer.Write(values.Length);
        foreach (var value in values)
            writer.Write(value);
    }

    private static float[] Floats(BinaryReader reader)
    {
        var values = new float[reader.ReadInt32()];
        for (var i = 0; i < values.Length; i++)
            values[i] = reader.ReadSingle();
        return values;
    }
}
