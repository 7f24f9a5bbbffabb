using System.Security.Cryptography;
using System.Text;

namespace Soundings.Depth;

/// <summary>
/// Owns what was learned from the user's labels on top of one starter model: a weight for each part of a <see cref="PersonalView"/>, and
/// its file, plain numbers behind a magic word, a format number and a SHA-256 of the rest. Immutable, so it is shared between threads.
/// </summary>
internal sealed class PersonalHead
{
    private const int Format = 1, HashLength = 32;
    private static readonly byte[] Magic = "SOUNDHED"u8.ToArray();
    private readonly float[] _weights;

    public PersonalHead(string version, string baseVersion, string baseHash, float[] weights)
    {
        if (weights.Length != PersonalView.Length || !weights.All(float.IsFinite))
            throw new MendableError("What was learned from your labels does not fit this program's features. It will be learned again from the labels.");
        (Version, BaseVersion, BaseHash, _weights) = (version, baseVersion, baseHash, weights);
    }

    public string Version { get; }

    /// <summary>The model it stands on, and the SHA-256 of that model's numbers: on any other it would mean nothing.</summary>
    public string BaseVersion { get; }

    public string BaseHash { get; }

    /// <summary>The logit on the user's scale, where the labels were learned: its sign is the judgement.</summary>
    public float Judge(float prior, ReadOnlySpan<float> view) => prior + PersonalView.Dot(_weights, view);

    public byte[] ToBytes()
    {
        using var body = new MemoryStream();
        using (var writer = new BinaryWriter(body, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(Version);
            writer.Write(BaseVersion);
            writer.Write(BaseHash);
            writer.Write(_weights.Length);
            foreach (var weight in _weights)
                writer.Write(weight);
        }
        return [.. Magic, .. BitConverter.GetBytes(Format), .. SHA256.HashData(body.ToArray()), .. body.ToArray()];
    }

    public static PersonalHead Read(byte[] bytes, string name)
    {
        var header = Magic.Length + sizeof(int) + HashLength;
        if (bytes.Length < header || !bytes.AsSpan(0, Magic.Length).SequenceEqual(Magic))
            throw new MendableError($"{name} holds no learning of Soundings.");
        var format = BitConverter.ToInt32(bytes, Magic.Length);
        if (format != Format)
            throw new MendableError($"{name} has format {format}; this program reads format {Format}. It will be learned again from the labels.");
        if (!SHA256.HashData(bytes.AsSpan(header)).AsSpan().SequenceEqual(bytes.AsSpan(Magic.Length + sizeof(int), HashLength)))
            throw new MendableError($"{name} is damaged: its content does not fit its checksum.");
        try
        {
            using var reader = new BinaryReader(new MemoryStream(bytes, header, bytes.Length - header), Encoding.UTF8);
            var (version, baseVersion, baseHash, count) = (reader.ReadString(), reader.ReadString(), reader.ReadString(), reader.ReadInt32());
            var weights = new float[count is >= 0 and <= 1 << 20 ? count : 0];
            for (var i = 0; i < weights.Length; i++)
                weights[i] = reader.ReadSingle();
            return new(version, baseVersion, baseHash, weights);
        }
        catch (EndOfStreamException error)
        {
            throw new MendableError($"{name} ends too early.", error);
        }
    }
}
