using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text;
using Soundings.Reading;
using Soundings.Reading.Exports;

namespace Soundings.Tests.Reading.Exports;

/// <summary>The sample exports, which hold invented people and texts in the shapes the sites write, and ways to give them to a reader.</summary>
internal static class Samples
{
    public static string Root { get; } = FindRoot();

    public static IEnumerable<string> Names => Directory.EnumerateDirectories(Root).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal);

    public static string At(string name) => Path.Combine(Root, name);

    /// <summary>What becomes of each record, a line each: file, line, what it is, its time, whether it was mended, its text.</summary>
    public static List<string> Told(IReadOnlyList<ExportFile> files) =>
        [.. files.SelectMany(file => ExportReader.Read(file, TimeZoneInfo.Utc, () => SiteCatalogue.Open(null)).Select(record => Told(file, record)))];

    public static List<ExportRecord> Records(string name, string content) => Records(name, Encoding.UTF8.GetBytes(content));

    public static List<ExportRecord> Records(string name, byte[] content)
    {
        ImportMeter meter = new(CancellationToken.None);
        return [.. ExportReader.Read(new ExportFile(name, content.Length, () => new MeteredStream(new MemoryStream(content), name, null, meter), IsPart: false), TimeZoneInfo.Utc, () => SiteCatalogue.Open(null))];
    }

    /// <summary>An archive of a folder, with the names it has there.</summary>
    public static void Zip(string folder, string to, string prefix = "")
    {
        using ZipArchive archive = new(File.Create(to), ZipArchiveMode.Create);
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            archive.CreateEntryFromFile(file, prefix + Path.GetRelativePath(folder, file).Replace('\\', '/'));
    }

    private static string Told(ExportFile file, ExportRecord record)
    {
        string what = record.Item?.Kind.ToString().ToLowerInvariant() ?? (record.Reaction is { } reaction ? $"reaction {reaction.Kind} to {reaction.Target ?? "?"}" : $"left out: {record.LeftOut}");
        string text = (record.Item?.Text ?? "").Replace("\n", "\\n", StringComparison.Ordinal);
        string parent = record.Item?.ParentId is { } under ? $" under {under}" : "";
        return $"{file.Name.Split('/')[^1]}:{record.Line} {what}{parent} at {record.Item?.At ?? record.Reaction?.At ?? "?"}{(record.Repaired ? " mended" : "")} | {text}".TrimEnd();
    }

    private static string FindRoot([CallerFilePath] string here = "")
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Companion.sln"))) folder = folder.Parent;
        return Path.Combine(folder?.FullName ?? throw new InvalidOperationException($"{here} reads the repository: run it from a checkout."), "tests", "exports");
    }
}
