using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;

namespace Soundings.Storage;

/// <summary>What a backup holds. <c>Schema</c> is that of its database, <c>Made</c> in UTC; each file by its name in the data folder.</summary>
internal sealed record BackupManifest(int Format, DateTimeOffset Made, int Schema, string ServerId, long Labels, long Items, IReadOnlyList<BackupEntry> Files);

/// <summary><c>Name</c> relative to the data folder, with '/'; <c>Sha256</c> in hexadecimal.</summary>
internal sealed record BackupEntry(string Name, long Bytes, string Sha256);

/// <summary>
/// A backup as a file: a zip of the database (a copy as of one moment) and every other file that is worth keeping, with a manifest of
/// lengths and hashes, whose own hash is the archive's comment. It is there whole or not at all, and for its owner's eyes only.
/// </summary>
internal static partial class BackupFile
{
    public const string Ending = ".backup";
    private const int KnownFormat = 1, MaxManifestBytes = 4 << 20, MaxFiles = 10_000;
    private const string ManifestName = "manifest.json", DatabaseName = "soundings.db", CommentStart = "Soundings backup, manifest sha256 ";

    /// <summary>Writes a backup of a folder that this process holds. <paramref name="copyDatabase"/> copies its database to the path given.</summary>
    public static BackupManifest Write(DataFolder folder, Action<string> copyDatabase, string target, DateTimeOffset now)
    {
        target = Path.GetFullPath(target);
        if (Directory.Exists(target)) throw new MendableError($"{target} is a folder. Name a file in it.");
        if (!Directory.Exists(Path.GetDirectoryName(target))) throw new MendableError($"There is no folder {Path.GetDirectoryName(target)}. Make it first, or name another file.");
        if (File.Exists(target) && !IsBackup(target)) throw new MendableError($"{target} exists and is no backup of Soundings; it was left as it is. Name another file.");
        string copy = Path.Combine(folder.RunFolder, $"backup-{Guid.NewGuid():n}.db"), fresh = target + ".new";
        try
        {
            copyDatabase(copy);
            BackupManifest manifest = Describe(copy, now);
            File.Delete(fresh);
            using (FileStream file = new(fresh, DataFolder.Options(FileMode.CreateNew, FileAccess.ReadWrite)))
            {
                manifest = Pack(file, manifest, WorthKeeping(folder).Prepend((DatabaseName, copy)));
                file.Flush(flushToDisk: true);
            }
            DataFolder.MoveInto(fresh, target);
            return manifest;
        }
        catch (SqliteException error) when (error.SqliteErrorCode is 11 or 26)
        {
            throw new MendableError("The database is damaged, so no backup was made of it; earlier ones stay. See what 'soundings doctor' says.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or SqliteException)
        {
            throw new MendableError($"The backup {target} could not be written: {(error is SqliteException ? "there is no room or no right to write in the data folder." : error.Message)}", error);
        }
        finally
        {
            File.Delete(copy);
            File.Delete(fresh);
        }
    }

    /// <summary>
    /// Reads a backup into an empty folder, every byte checked against the manifest. What is no backup, is damaged or tampered with is refused,
    /// and the folder then holds nothing one could mistake for data.
    /// </summary>
    public static BackupManifest Unpack(string path, string into)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            using ZipArchive archive = new(file, ZipArchiveMode.Read);
            BackupManifest manifest = ReadManifest(archive, path);
            long room = new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(into)! : into).AvailableFreeSpace;
            if (manifest.Files.Any(entry => entry.Bytes < 0) || manifest.Files.Sum(entry => entry.Bytes) > room)
                throw new MendableError($"There is not enough room to unpack the backup {path}. Free some space and try again.");
            foreach (BackupEntry entry in manifest.Files) Unpack(archive, entry, path, into);
            return manifest;
        }
        catch (Exception error) when (error is InvalidDataException or JsonException or OverflowException)
        {
            throw Damaged(path, error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new MendableError($"The backup {path} cannot be read: {error.Message}", error);
        }
    }

    /// <summary>What it says of itself, without unpacking it; null where it cannot be read as a backup of ours.</summary>
    public static BackupManifest? Look(string path)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            using ZipArchive archive = new(file, ZipArchiveMode.Read);
            return ReadManifest(archive, path);
        }
        catch (Exception error) when (error is InvalidDataException or JsonException or IOException or UnauthorizedAccessException or MendableError)
        {
            return null;
        }
    }

    /// <summary>
    /// Everything but the database and its journal (which come from the copy), what this machine's companion makes for itself, and copies of copies.
    /// </summary>
    public static IEnumerable<(string Name, string Path)> WorthKeeping(DataFolder folder)
    {
        // Links are not followed: they lead out of the folder, or round in it.
        EnumerationOptions all = new() { RecurseSubdirectories = true, MaxRecursionDepth = 2, AttributesToSkip = FileAttributes.ReparsePoint };
        foreach (string file in Directory.EnumerateFiles(folder.Path, "*", all).Order(StringComparer.Ordinal))
        {
            string name = Path.GetRelativePath(folder.Path, file).Replace('\\', '/');
            if (IsWorthKeeping(name)) yield return (name, file);
        }
    }

    private static bool IsWorthKeeping(string name) =>
        Name().IsMatch(name) && !OfThisMachine().IsMatch(name) && !name.StartsWith(DatabaseName, StringComparison.Ordinal) && name != ManifestName;

    private static bool IsBackup(string path) => new FileInfo(path).Length == 0 || Look(path) is not null;

    private static BackupManifest Describe(string copy, DateTimeOffset now)
    {
        using SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = copy, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        connection.Open();
        if (connection.Scalar<string>("PRAGMA quick_check(1)") != "ok") throw new SqliteException("the copy does not hold together", 11);
        return new BackupManifest(
            KnownFormat, now, (int)connection.Scalar<long>("PRAGMA user_version"), connection.Scalar<string>("SELECT value FROM meta WHERE name = 'serverId'") ?? "",
            connection.Scalar<long>("SELECT count(*) FROM labels"), connection.Scalar<long>("SELECT count(*) FROM items"), []);
    }

    private static BackupManifest Pack(FileStream file, BackupManifest manifest, IEnumerable<(string Name, string Path)> files)
    {
        using ZipArchive archive = new(file, ZipArchiveMode.Create, leaveOpen: true);
        List<BackupEntry> entries = [];
        foreach ((string name, string path) in files)
        {
            try
            {
                using FileStream source = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                using Stream packed = archive.CreateEntry(name, CompressionLevel.Fastest).Open();
                using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                byte[] buffer = new byte[1 << 16];
                long bytes = 0;
                for (int read; (read = source.Read(buffer)) > 0; bytes += read)
                {
                    packed.Write(buffer, 0, read);
                    hash.AppendData(buffer, 0, read);
                }
                entries.Add(new BackupEntry(name, bytes, Convert.ToHexStringLower(hash.GetHashAndReset())));
            }
            catch (FileNotFoundException)
            {
                // An old version of the model that was let go in the meantime.
                continue;
            }
        }
        manifest = manifest with { Files = entries };
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(manifest, StorageJson.Default.BackupManifest);
        using (Stream packed = archive.CreateEntry(ManifestName, CompressionLevel.Fastest).Open()) packed.Write(json);
        archive.Comment = CommentStart + Convert.ToHexStringLower(SHA256.HashData(json));
        return manifest;
    }

    private static BackupManifest ReadManifest(ZipArchive archive, string path)
    {
        if (!archive.Comment.StartsWith(CommentStart, StringComparison.Ordinal) || archive.GetEntry(ManifestName) is not { Length: <= MaxManifestBytes } entry)
            throw new MendableError($"{path} is no backup of Soundings.");
        byte[] json = new byte[entry.Length];
        using (Stream packed = entry.Open()) packed.ReadExactly(json);
        if (Convert.ToHexStringLower(SHA256.HashData(json)) != archive.Comment[CommentStart.Length..]) throw Damaged(path, null);
        BackupManifest manifest = JsonSerializer.Deserialize(json, StorageJson.Default.BackupManifest) ?? throw Damaged(path, null);
        if (manifest.Format != KnownFormat || manifest.Schema > Schema.Version)
            throw new MendableError($"The backup {path} was made by a newer Soundings (schema {manifest.Schema}, this one knows {Schema.Version}). Restore it with that one.");
        bool sound = manifest is { Files: { Count: > 0 and <= MaxFiles } files, ServerId: not null } && files.Count(file => file.Name == DatabaseName) == 1
            && files.All(file => file is { Name: not null, Sha256: not null } && (file.Name == DatabaseName || IsWorthKeeping(file.Name)))
            && files.Select(file => file.Name.ToUpperInvariant()).Distinct().Count() == files.Count;
        return sound ? manifest : throw Damaged(path, null);
    }

    private static void Unpack(ZipArchive archive, BackupEntry entry, string path, string into)
    {
        if (archive.GetEntry(entry.Name) is not { } packed || packed.Length != entry.Bytes) throw Damaged(path, null);
        string target = Path.Combine(into, entry.Name);
        DataFolder.CreateFolder(Path.GetDirectoryName(target)!);
        using FileStream file = new(target, DataFolder.Options(FileMode.CreateNew, FileAccess.Write));
        using Stream source = packed.Open();
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[1 << 16];
        long bytes = 0;
        // Never past what the manifest announces, whatever the archive would unfold to.
        for (int read; bytes <= entry.Bytes && (read = source.Read(buffer)) > 0; bytes += read)
        {
            file.Write(buffer, 0, read);
            hash.AppendData(buffer, 0, read);
        }
        if (bytes != entry.Bytes || Convert.ToHexStringLower(hash.GetHashAndReset()) != entry.Sha256) throw Damaged(path, null);
        file.Flush(flushToDisk: true);
    }

    /// <summary>As the automatic ones are called, so that their order is that of their making: <c>20261122T100000Z.backup</c>.</summary>
    public static string NameFor(DateTimeOffset made) => made.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture) + Ending;

    private static MendableError Damaged(string path, Exception? error) =>
        new($"{path} is no backup of Soundings, or was damaged or changed after it was made. Nothing was restored; take another one.", error);

    [GeneratedRegex(@"^(?!\.)[A-Za-z0-9._-]{1,100}(/(?!\.)[A-Za-z0-9._-]{1,100}){0,2}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex(@"^(run|backups|restoring|replaced|models/training)/|^labels\.jsonl|^(reserve|damaged)\z|\.(new|backup)\z|\.damaged-", RegexOptions.CultureInvariant)]
    private static partial Regex OfThisMachine();
}
