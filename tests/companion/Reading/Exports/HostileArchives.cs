using System.IO.Compression;
using System.Text;

namespace Soundings.Tests.Reading.Exports;

/// <summary>Archives no site would send, made here byte by byte where the library refuses to.</summary>
internal static class HostileArchives
{
    private const string Good = "Date,Link,Message\n2025-03-01 10:15:42,https://www.linkedin.com/feed/update/urn%3Ali%3Aactivity%3A7301511512064000001,Fine\n";

    /// <summary>By name: what the refusal says, and the archive.</summary>
    public static IReadOnlyDictionary<string, (string Reason, Func<byte[]> Make)> All { get; } = new Dictionary<string, (string, Func<byte[]>)>
    {
        ["a path out of the archive"] = ("outside the archive", () => With("../../Comments.csv")),
        ["an absolute path"] = ("outside the archive", () => With("/etc/passwd")),
        ["a drive"] = ("outside the archive", () => With("C:/x")),
        ["a share of another machine"] = ("outside the archive", () => With("\\\\host\\x")),
        ["a NUL in a name"] = ("cannot be seen", () => With("a\0b.csv")),
        ["a name that turns round"] = ("cannot be seen", () => With("a\u202Evsc.txt")),
        ["a device"] = ("some systems take for another", () => With("CON")),
        ["a device with an ending"] = ("some systems take for another", () => With("folder/nul.csv")),
        ["a dot at the end"] = ("some systems take for another", () => With("Comments.csv.")),
        ["a name of 2,000 letters"] = ("no site would give", () => With(new string('a', 2000))),
        ["an archive in it"] = ("an archive itself", () => With("lib 0.zip")),
        ["the same name twice"] = ("is in it twice", () => Zip(("Comments.csv", Good), ("Comments.csv", Good))),
        ["a link to another file"] = ("a link to another file", () => Zip(archive => archive.CreateEntry("Comments.csv").ExternalAttributes = unchecked((int)0xA1FF0000))),
        ["a password"] = ("locked with a password", () => Locked(Zip(("Comments.csv", Good)))),
        ["a bomb of zeros"] = ("more than 100 times its size", () => Zip(("Comments.csv", string.Concat(Enumerable.Repeat(Good, 200_000))))),
        ["70,000 files"] = ("more than 65535 files", () => Zip(archive =>
        {
            for (int i = 0; i < 70_000; i++) archive.CreateEntry($"{i}", CompressionLevel.NoCompression);
        })),
        ["a count that lies"] = ("damaged", () => Changed(Zip(("Comments.csv", Good), ("x", "")), fromEnd: 12, 200)),
        ["a directory that lies elsewhere"] = ("damaged", () => Changed(Zip(("Comments.csv", Good), ("x", "")), fromEnd: 6, 0)),
        ["an end that was cut off"] = ("it was cut", () => Zip(("Comments.csv", Good))[..^22]),
        ["packed bytes that are damaged"] = ("damaged", () => Damaged(Zip(("Comments.csv", Good + new string('x', 5000))))),
        ["a file whose own header is damaged"] = ("damaged in the archive", () => Headless(Zip(("Comments.csv", Good), ("Shares.csv", "x")))),
        ["only messages"] = ("nothing of LinkedIn's or Facebook's", () => Zip(("your_facebook_activity/messages/inbox/a/comments.json", "{\"comments_v2\":[]}"))),
        ["nothing"] = ("nothing of LinkedIn's or Facebook's", () => Zip(_ => { })),
        ["a good file and a broken one"] = ("line 2: it is not valid JSON", () => Zip(("Comments.csv", Good), ("comments.json", "{\"comments_v2\":[\n{]}"))),
        ["our own lines in it"] = ("import it alone", () => Zip(("comments.json", "{\"kind\":\"comment\",\"text\":\"a\",\"id\":\"1\",\"label\":\"superficial\"}\n"))),
    };

    public static byte[] Zip(params (string Name, string Content)[] files) => Zip(archive =>
    {
        foreach ((string name, string content) in files)
        {
            using Stream stream = archive.CreateEntry(name, CompressionLevel.SmallestSize).Open();
            stream.Write(Encoding.UTF8.GetBytes(content));
        }
    });

    private static byte[] With(string name) => Zip(("Comments.csv", Good), (name, "x"));

    private static byte[] Zip(Action<ZipArchive> fill)
    {
        using MemoryStream stream = new();
        using (ZipArchive archive = new(stream, ZipArchiveMode.Create, leaveOpen: true)) fill(archive);
        return stream.ToArray();
    }

    /// <summary>Sets the flag for encryption in the local header and in the directory.</summary>
    private static byte[] Locked(byte[] archive)
    {
        archive[6] |= 1;
        archive[archive.AsSpan().IndexOf("PK\x01\x02"u8) + 8] |= 1;
        return archive;
    }

    private static byte[] Changed(byte[] archive, int fromEnd, byte value)
    {
        archive[^fromEnd] = value;
        return archive;
    }

    private static byte[] Headless(byte[] archive)
    {
        archive[archive.AsSpan().LastIndexOf("PK\x03\x04"u8)] = 0;
        return archive;
    }

    private static byte[] Damaged(byte[] archive)
    {
        archive.AsSpan(60, 20).Fill(0xFF);
        return archive;
    }
}
