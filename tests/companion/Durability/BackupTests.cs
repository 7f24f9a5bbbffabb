using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Soundings.Storage;
using Soundings.Tests.Api;

namespace Soundings.Tests.Durability;

/// <summary>Backups (F39): whole or not at all, consistent while one writes, proven before they are put back, and what they replace is kept.</summary>
public sealed class BackupTests
{
    [Fact]
    public async Task A_backup_brings_back_labels_items_models_rules_and_the_companions_name()
    {
        using TestFolder folder = await Filled.FolderAsync(), fresh = new();
        string backup = Path.Combine(folder.Path, "x.backup"), serverId;
        using (Vault vault = Vault.Open(folder.Data))
        {
            serverId = vault.ServerId;
            BackupManifest manifest = BackupFile.Write(folder.Data, vault.Database.CopyTo, backup, Filled.Now);
            Assert.Equal((40, 200), (manifest.Labels, manifest.Items));
            Assert.Equal(["models/active", "sites/own.json", "soundings.db", "state.json"], manifest.Files.Select(file => file.Name).Order(StringComparer.Ordinal));
        }
        Assert.Null(Put(fresh.Data, backup).Before);
        using Vault again = Vault.Open(fresh.Data);
        Assert.Equal((serverId, 40, 200L, "ok"), (again.ServerId, Filled.LabelsOf(again).Count, Filled.ItemsOf(again), Filled.IntegrityOf(again)));
        Assert.Equal("{}", await File.ReadAllTextAsync(Path.Combine(fresh.Path, "sites", "own.json")));
        Owned(fresh.Path);
    }

    [Fact]
    public async Task A_backup_made_while_labels_arrive_holds_whole_batches_and_all_that_came_before()
    {
        using TestFolder folder = await Filled.FolderAsync(), fresh = new();
        string backup = Path.Combine(folder.Path, "x.backup");
        long atLeast;
        using (Vault vault = Vault.Open(folder.Data))
        {
            LabelStore store = new(vault.Database);
            using CancellationTokenSource stop = new();
            int batches = 0;
            Task writing = Task.Run(async () =>
            {
                for (int n = 1000; !stop.IsCancellationRequested; n += 5)
                {
                    await store.AddAsync([.. Enumerable.Range(n, 5).Select(i => Filled.Label(i))], 0);
                    Interlocked.Increment(ref batches);
                }
            });
            while (Volatile.Read(ref batches) < 20) await Task.Yield();
            atLeast = 40 + 5 * Volatile.Read(ref batches);
            BackupFile.Write(folder.Data, vault.Database.CopyTo, backup, Filled.Now);
            await stop.CancelAsync();
            await writing;
        }
        Put(fresh.Data, backup);
        using Vault again = Vault.Open(fresh.Data);
        int labels = Filled.LabelsOf(again).Count;
        Assert.True(labels >= atLeast && labels % 5 == 0, $"{labels} labels of at least {atLeast}");
        Assert.Equal("ok", Filled.IntegrityOf(again));
    }

    [Fact]
    public async Task What_a_restore_replaces_is_kept_aside_and_connected_browsers_stay_connected()
    {
        using TestFolder folder = await Filled.FolderAsync();
        string backup = Path.Combine(folder.Path, "x.backup");
        using (Vault vault = Vault.Open(folder.Data))
        {
            BackupFile.Write(folder.Data, vault.Database.CopyTo, backup, Filled.Now);
            await Filled.AddAsync(vault, 10, 10, from: 500);
            await new ClientStore(vault.Database).AddAsync(new Client("browser", [1, 2, 3], null, "Chrome", "amber heron", 1, 1));
        }
        (_, string? aside) = Put(folder.Data, backup);
        using (Vault vault = Vault.Open(folder.Data))
        {
            Assert.Equal((40, 200L), (Filled.LabelsOf(vault).Count, Filled.ItemsOf(vault)));
            Assert.Equal("Chrome", new ClientStore(vault.Database).Find("browser")!.Name);
        }
        // What was there reads again where it was put.
        using Vault old = Vault.Open(DataFolder.At(aside));
        Assert.Equal((50, 210L), (Filled.LabelsOf(old).Count, Filled.ItemsOf(old)));
    }

    [Fact]
    public async Task A_backup_with_a_byte_changed_anywhere_is_refused_or_brings_back_the_same()
    {
        using TestFolder folder = await Filled.FolderAsync(10, 20);
        string backup = Path.Combine(folder.Path, "x.backup"), spoiled = Path.Combine(folder.Path, "y.backup");
        using (Vault vault = Vault.Open(folder.Data)) BackupFile.Write(folder.Data, vault.Database.CopyTo, backup, Filled.Now);
        byte[] good = await File.ReadAllBytesAsync(backup), database = Unpacked(backup, "soundings.db");
        Random random = new(39);
        int refused = 0;
        const int tries = 150;
        for (int i = 0; i < tries; i++)
        {
            byte[] bad = [.. good];
            if (i % 10 == 0) bad = bad[..random.Next(bad.Length)];
            else bad[random.Next(bad.Length)] ^= (byte)(1 << random.Next(8));
            await File.WriteAllBytesAsync(spoiled, bad);
            using TestFolder into = new();
            Directory.CreateDirectory(into.Path);
            try
            {
                BackupFile.Unpack(spoiled, into.Path);
                Assert.Equal(database, await File.ReadAllBytesAsync(into.Data.DatabaseFile));
            }
            catch (MendableError error)
            {
                Assert.Contains(spoiled, error.Message, StringComparison.Ordinal);
                refused++;
            }
        }
        // What is left are bytes of the zip that carry nothing, such as the times of entries.
        Assert.True(refused > tries / 2, $"only {refused} of {tries} were refused");
    }

    [Theory]
    [InlineData("../outside.json")]
    [InlineData("/etc/outside")]
    [InlineData("sites/../../outside.json")]
    [InlineData("C:\\outside")]
    [InlineData("run/companion.json")]
    [InlineData("soundings.db-wal")]
    [InlineData(".hidden")]
    public async Task A_backup_with_a_name_that_leads_elsewhere_is_refused(string name)
    {
        using TestFolder folder = await Filled.FolderAsync(1, 1), fresh = new();
        string backup = Forge(folder, (manifest, _) => manifest["files"]!.AsArray().Add(new JsonObject { ["name"] = name, ["bytes"] = 2, ["sha256"] = Hash("{}"u8.ToArray()) }), (name, "{}"u8.ToArray()));
        Assert.Contains("damaged or changed", Refused(fresh, backup), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(Path.GetDirectoryName(fresh.Path)!, "outside.json")));
    }

    [Fact]
    public async Task A_backup_of_a_newer_version_is_refused_with_the_way_out()
    {
        using TestFolder folder = await Filled.FolderAsync(1, 1), fresh = new();
        Assert.Contains("newer Soundings (schema 999", Refused(fresh, Forge(folder, (manifest, _) => manifest["schema"] = 999)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backup_that_announces_more_than_fits_is_refused_before_it_is_unpacked()
    {
        using TestFolder folder = await Filled.FolderAsync(1, 1), fresh = new();
        Assert.Contains("not enough room", Refused(fresh, Forge(folder, (manifest, _) => manifest["files"]![0]!["bytes"] = 1L << 60)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CREATE TRIGGER sneak AFTER INSERT ON labels BEGIN DELETE FROM labels; END", "not shaped")]
    [InlineData("DROP INDEX labelsByItem", "not shaped")]
    [InlineData("ALTER TABLE meta ADD COLUMN more TEXT", "not shaped")]
    [InlineData("PRAGMA foreign_keys = OFF; INSERT INTO scores VALUES (999, 999, 1, 1, 1)", "is damaged")]
    public async Task A_backup_whose_database_is_not_shaped_as_ours_is_refused_and_the_folder_stays_as_it_was(string change, string said)
    {
        using TestFolder folder = await Filled.FolderAsync(3, 3);
        string backup = Forge(folder, (manifest, database) =>
        {
            using (SqliteConnection connection = new($"Data Source={database};Pooling=False"))
            {
                connection.Open();
                connection.Execute(change);
            }
            byte[] bytes = File.ReadAllBytes(database);
            JsonNode entry = manifest["files"]!.AsArray().Single(file => (string?)file!["name"] == "soundings.db")!;
            (entry["bytes"], entry["sha256"]) = (bytes.Length, Hash(bytes));
        });
        byte[] before = await File.ReadAllBytesAsync(folder.Data.DatabaseFile);
        Assert.Contains(said, Refused(folder, backup), StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(folder.Data.DatabaseFile));
        Assert.False(Directory.Exists(folder.Data.RestoringFolder));
    }

    /// <summary>The kill is at each change of a file: the restore is taken so far, copied, and then finished from the copy.</summary>
    [Fact]
    public async Task A_restore_killed_at_any_step_is_finished_at_the_next_start_or_never_began()
    {
        using TestFolder folder = await Filled.FolderAsync(6, 6);
        string backup = Path.Combine(folder.Path, "x.backup");
        using (Vault vault = Vault.Open(folder.Data))
        {
            BackupFile.Write(folder.Data, vault.Database.CopyTo, backup, Filled.Now);
            await Filled.AddAsync(vault, 3, 3, from: 100);
        }
        int steps = 0;
        for (bool finished = false; !finished; steps++)
        {
            using TestFolder copy = folder.Copy();
            Restore.Stage(copy.Data, backup, Filled.Now);
            int left = steps;
            void KillAt(string from, string to)
            {
                if (to.StartsWith(copy.Path, StringComparison.Ordinal) && left-- == 0) throw new KilledException();
            }
            DataFolder.Moving += KillAt;
            try
            {
                Restore.Finish(copy.Data);
                finished = true;
            }
            catch (KilledException)
            {
                finished = false;
            }
            finally
            {
                DataFolder.Moving -= KillAt;
            }
            using Vault vault = Vault.Open(copy.Data);
            Assert.Equal((6, 6L, "ok"), (Filled.LabelsOf(vault).Count, Filled.ItemsOf(vault), Filled.IntegrityOf(vault)));
            string aside = Assert.Single(Directory.GetDirectories(copy.Data.ReplacedFolder));
            using Vault old = Vault.Open(DataFolder.At(aside));
            Assert.Equal((9, 9L), (Filled.LabelsOf(old).Count, Filled.ItemsOf(old)));
        }
        Assert.True(steps > 6, $"only {steps} steps were seen");
    }

    [Fact]
    public async Task A_restore_killed_while_it_unpacks_never_began()
    {
        using TestFolder folder = await Filled.FolderAsync(6, 6);
        DataFolder.CreateFolder(folder.Data.RestoringFolder);
        await File.WriteAllTextAsync(Path.Combine(folder.Data.RestoringFolder, "soundings.db"), "half a da");
        using Vault vault = Vault.Open(folder.Data);
        Assert.Equal(6, Filled.LabelsOf(vault).Count);
        Assert.False(Directory.Exists(folder.Data.RestoringFolder));
    }

    [Fact]
    public async Task Backups_are_made_once_a_day_and_the_oldest_make_room()
    {
        using TestFolder folder = await Filled.FolderAsync(3, 3);
        using Vault vault = Vault.Open(folder.Data);
        Backups backups = new(vault, new BackupOptions { Keep = 3, RoomToLeave = 0 });
        Assert.NotNull(backups.MakeIfDue(Filled.Now));
        Assert.Null(backups.MakeIfDue(Filled.Now.AddHours(23)));
        for (int day = 1; day < 6; day++) Assert.NotNull(backups.MakeIfDue(Filled.Now.AddDays(day)));
        Assert.Equal(["20261125T100000Z.backup", "20261126T100000Z.backup", "20261127T100000Z.backup"], Backups.All(folder.Data).Select(Path.GetFileName));
        Owned(folder.Path);
        // A clock set back by a year asks for one, and not for one at each look.
        Assert.NotNull(backups.MakeIfDue(Filled.Now.AddYears(-1)));
    }

    [Fact]
    public async Task Backups_together_stay_under_their_bound_and_none_is_made_that_would_fill_the_disk()
    {
        using TestFolder folder = await Filled.FolderAsync(3, 3), empty = new();
        using Vault vault = Vault.Open(folder.Data);
        Backups backups = new(vault, new BackupOptions { Keep = 5, MaxBytes = 1, RoomToLeave = 0 });
        for (int day = 0; day < 3; day++) backups.MakeIfDue(Filled.Now.AddDays(day));
        Assert.Equal("20261124T100000Z.backup", Path.GetFileName(Assert.Single(Backups.All(folder.Data))));
        Assert.Null(new Backups(vault, new BackupOptions { RoomToLeave = long.MaxValue / 2 }).MakeIfDue(Filled.Now.AddDays(9)));
        using Vault nothing = Vault.Open(empty.Data);
        Assert.Null(new Backups(nothing, new BackupOptions { RoomToLeave = 0 }).MakeIfDue(Filled.Now));
    }

    [Fact]
    public async Task A_file_that_is_no_backup_is_never_written_over()
    {
        using TestFolder folder = await Filled.FolderAsync(1, 1);
        string mine = Path.Combine(folder.Path, "thesis.txt");
        using Vault vault = Vault.Open(folder.Data);
        await File.WriteAllTextAsync(mine, "years of work");
        Assert.Contains("is no backup", Assert.Throws<MendableError>(() => BackupFile.Write(folder.Data, vault.Database.CopyTo, mine, Filled.Now)).Message, StringComparison.Ordinal);
        Assert.Equal("years of work", await File.ReadAllTextAsync(mine));
    }

    private sealed class KilledException : Exception;

    private static (BackupManifest Manifest, string? Before) Put(DataFolder folder, string backup)
    {
        bool hadOne = File.Exists(folder.DatabaseFile);
        folder.Prepare();
        BackupManifest manifest = Restore.Stage(folder, backup, Filled.Now);
        string? aside = Restore.Finish(folder);
        return (manifest, hadOne ? aside : null);
    }

    private static string Refused(TestFolder folder, string backup)
    {
        folder.Data.Prepare();
        return Assert.Throws<MendableError>(() => Restore.Stage(folder.Data, backup, Filled.Now)).Message;
    }

    /// <summary>A backup packed anew with its manifest (and the database) changed, and all hashes right: only what is in it can give it away.</summary>
    private static string Forge(TestFolder folder, Action<JsonObject, string> change, params (string Name, byte[] Content)[] more)
    {
        string backup = Path.Combine(folder.Path, "x.backup"), forged = Path.Combine(folder.Data.RunFolder, "forged.backup"), database = Path.Combine(folder.Data.RunFolder, "forged.sqlite");
        using (Vault vault = Vault.Open(folder.Data)) BackupFile.Write(folder.Data, vault.Database.CopyTo, backup, Filled.Now);
        File.WriteAllBytes(database, Unpacked(backup, "soundings.db"));
        JsonObject manifest = JsonNode.Parse(Unpacked(backup, "manifest.json"))!.AsObject();
        change(manifest, database);
        using ZipArchive from = ZipFile.OpenRead(backup), to = ZipFile.Open(forged, ZipArchiveMode.Create);
        foreach (string name in from.Entries.Select(entry => entry.FullName).Where(name => name is not ("manifest.json" or "soundings.db"))) Add(to, name, Unpacked(backup, name));
        Add(to, "soundings.db", File.ReadAllBytes(database));
        foreach ((string name, byte[] content) in more) Add(to, name, content);
        byte[] json = Encoding.UTF8.GetBytes(manifest.ToJsonString());
        Add(to, "manifest.json", json);
        to.Comment = from.Comment[..^64] + Hash(json);
        return forged;

        static void Add(ZipArchive archive, string name, byte[] content)
        {
            using Stream entry = archive.CreateEntry(name).Open();
            entry.Write(content);
        }
    }

    private static byte[] Unpacked(string backup, string name)
    {
        using ZipArchive archive = ZipFile.OpenRead(backup);
        using Stream entry = archive.GetEntry(name)!.Open();
        using MemoryStream content = new();
        entry.CopyTo(content);
        return content.ToArray();
    }

    private static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private static void Owned(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        foreach (string path in Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).Append(folder))
            Assert.True((File.GetUnixFileMode(path) & (UnixFileMode)0x3F) == 0, $"{path} is open to others");
    }
}
