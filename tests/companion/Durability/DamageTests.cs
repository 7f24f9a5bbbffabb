using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Soundings.Storage;
using Soundings.Tests.Api;

namespace Soundings.Tests.Durability;

/// <summary>
/// Real damaged files (F8 to F11b): what can be read is saved, labels first; what was damaged is kept aside; where nothing can be saved all stays
/// as it is. <c>SOUNDINGS_LONG=1</c> spoils many more places.
/// </summary>
public sealed class DamageTests
{
    private static readonly int Places = Environment.GetEnvironmentVariable("SOUNDINGS_LONG") == "1" ? 1000 : 60;

    [Fact]
    public async Task Bytes_changed_anywhere_in_the_database_lose_no_label_or_are_refused_untouched()
    {
        using TestFolder good = await Filled.FolderAsync(40, 120);
        Random random = new(8);
        int mended = 0, refused = 0;
        for (int i = 0; i < Places; i++)
        {
            using TestFolder folder = good.Copy();
            byte[] bytes = await File.ReadAllBytesAsync(folder.Data.DatabaseFile);
            // Every fourth in the first page, where the header and the schema stand; the rest anywhere, one bit or a sector.
            int at = random.Next(i % 4 == 0 ? 4096 : bytes.Length), length = Math.Min(i % 3 == 0 ? 512 : 1, bytes.Length - at);
            for (int k = at; k < at + length; k++) bytes[k] ^= (byte)(length == 1 ? 1 << random.Next(8) : random.Next(1, 256));
            DataFolder.WriteFile(folder.Data.DatabaseFile, bytes);
            try
            {
                using (Vault vault = Vault.Open(folder.Data)) Checked(vault);
                using Vault again = Vault.Open(folder.Data);
                AssertWhole(again, 40, $"{length} bytes at {at}");
                if (again.Database.Recovered is { } recovered)
                {
                    mended++;
                    Assert.Equal(bytes, await File.ReadAllBytesAsync(Path.Combine(folder.Path, recovered.Aside)));
                }
            }
            catch (MendableError error)
            {
                // A version or a mark of another program in the header: it may be somebody's, so it is left alone.
                Assert.Contains(folder.Data.DatabaseFile, error.Message, StringComparison.Ordinal);
                Assert.Equal(bytes, await File.ReadAllBytesAsync(folder.Data.DatabaseFile));
                Assert.True(at < 100, $"{length} bytes at {at}: {error.Message}");
                refused++;
            }
        }
        Assert.True(mended > Places / 10, $"{mended} mended, {refused} refused of {Places}");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(50)]
    [InlineData(100)]
    [InlineData(4096)]
    [InlineData(20_000)]
    [InlineData(-1)]
    [InlineData(-5000)]
    [InlineData(int.MinValue)]
    public async Task A_database_cut_short_emptied_or_gone_comes_back_with_every_label_and_what_the_backup_has(int length)
    {
        using TestFolder folder = await Filled.FolderAsync(40, 120);
        string serverId;
        using (Vault vault = Vault.Open(folder.Data))
        {
            serverId = vault.ServerId;
            new Backups(vault, new BackupOptions { RoomToLeave = 0 }).MakeIfDue(Filled.Now);
            await Filled.AddAsync(vault, 10, 10, from: 500);
        }
        byte[] bytes = await File.ReadAllBytesAsync(folder.Data.DatabaseFile);
        if (length == int.MinValue) File.Delete(folder.Data.DatabaseFile);
        else DataFolder.WriteFile(folder.Data.DatabaseFile, bytes.AsSpan(0, length < 0 ? bytes.Length + length : length));
        // A last page that lacks a byte is found by the check alone.
        using (Vault first = Vault.Open(folder.Data)) Checked(first);
        using Vault again = Vault.Open(folder.Data);
        AssertWhole(again, 50, $"cut to {length}");
        Assert.Equal(serverId, again.ServerId);
        Assert.True(Filled.ItemsOf(again) >= 120, $"{Filled.ItemsOf(again)} items");
        // A byte that SQLite reads as zero and that was zero is no damage.
        Assert.True(again.Database.Recovered is not null || length == -1);
    }

    [Fact]
    public async Task Garbage_in_place_of_a_database_that_was_ours_is_set_aside_and_labels_come_from_the_journal()
    {
        using TestFolder folder = await Filled.FolderAsync(12, 12);
        byte[] garbage = new byte[70_000];
        new Random(1).NextBytes(garbage);
        DataFolder.WriteFile(folder.Data.DatabaseFile, garbage);
        using Vault vault = Vault.Open(folder.Data);
        AssertWhole(vault, 12, "garbage");
        Assert.Contains("journal of labels", vault.Database.Recovered!.Source, StringComparison.Ordinal);
        Assert.Equal(garbage, await File.ReadAllBytesAsync(Path.Combine(folder.Path, vault.Database.Recovered.Aside)));
        // And the next start is an ordinary one.
        Assert.Equal(12, vault.Database.Journal.PutBack);
    }

    [Theory]
    [InlineData("gone")]
    [InlineData("cut")]
    [InlineData("emptied")]
    [InlineData("garbage")]
    [InlineData("flipped")]
    [InlineData("of another")]
    [InlineData("older")]
    public async Task A_log_that_is_damaged_gone_or_of_another_database_costs_no_label(string what)
    {
        using TestFolder live = await Filled.FolderAsync(20, 50), other = await Filled.FolderAsync(5, 90);
        using TestFolder folder = await KilledAsync(live, 15, from: 100), older = await KilledAsync(live, 1, from: 300), foreign = await KilledAsync(other, 30, from: 200);
        string log = folder.Data.DatabaseFile + "-wal";
        byte[] bytes = await File.ReadAllBytesAsync(log);
        Assert.True(bytes.Length > 10_000);
        switch (what)
        {
            case "gone": File.Delete(log); break;
            case "cut": DataFolder.WriteFile(log, bytes.AsSpan(0, bytes.Length / 2 + 777)); break;
            case "emptied": DataFolder.WriteFile(log, []); break;
            case "garbage": DataFolder.WriteFile(log, Enumerable.Repeat((byte)0x5A, bytes.Length).ToArray()); break;
            case "flipped": bytes[bytes.Length / 3] ^= 8; DataFolder.WriteFile(log, bytes); break;
            case "of another": DataFolder.WriteFile(log, await File.ReadAllBytesAsync(foreign.Data.DatabaseFile + "-wal")); break;
            default: DataFolder.WriteFile(log, await File.ReadAllBytesAsync(older.Data.DatabaseFile + "-wal")); break;
        }
        using Vault vault = Vault.Open(folder.Data);
        // A log of elsewhere may bring labels of its own: they are whole, and said by whoever owns both folders.
        AssertWhole(vault, what switch { "older" => 36, "of another" => Filled.LabelsOf(vault).Count, _ => 35 }, what);
        Assert.Empty(Enumerable.Range(0, 20).Concat(Enumerable.Range(100, 15)).Select(Filled.LabelId).Except(Filled.LabelsOf(vault)));
        Assert.True(Filled.ItemsOf(vault) >= 50, $"{Filled.ItemsOf(vault)} items");
    }

    [Theory]
    [InlineData("gone")]
    [InlineData("cut")]
    [InlineData("emptied")]
    [InlineData("garbage")]
    [InlineData("flipped")]
    public async Task A_damaged_journal_is_written_anew_from_the_database(string what)
    {
        using TestFolder folder = await Filled.FolderAsync(20, 5);
        byte[] good = await File.ReadAllBytesAsync(folder.Data.JournalFile), bytes = [.. good];
        switch (what)
        {
            case "gone": File.Delete(folder.Data.JournalFile); break;
            case "cut": DataFolder.WriteFile(folder.Data.JournalFile, bytes.AsSpan(0, bytes.Length * 2 / 3)); break;
            case "emptied": DataFolder.WriteFile(folder.Data.JournalFile, []); break;
            case "garbage": DataFolder.WriteFile(folder.Data.JournalFile, "not\na\njournal\n"u8); break;
            default: bytes[bytes.Length / 2] ^= 1; DataFolder.WriteFile(folder.Data.JournalFile, bytes); break;
        }
        using (Vault vault = Vault.Open(folder.Data)) AssertWhole(vault, 20, what);
        Assert.Equal(good, await File.ReadAllBytesAsync(folder.Data.JournalFile));
    }

    [Fact]
    public async Task A_label_that_rotted_in_the_database_is_found_and_comes_back_as_it_was_said()
    {
        using TestFolder folder = await Filled.FolderAsync(20, 5);
        using (Vault vault = Vault.Open(folder.Data))
        {
            await vault.Database.WriteAsync(connection => connection.Execute("UPDATE labels SET label = 1 - label WHERE seq = 7"));
            Checked(vault);
            Assert.NotNull(vault.Database.Damage);
        }
        using Vault again = Vault.Open(folder.Data);
        AssertWhole(again, 20, "rot");
        Assert.Equal(Soundings.Depth.Verdict.Substantive, new LabelStore(again.Database).Current().Single(label => label.Id == Filled.LabelId(6)).Label);
    }

    [Fact]
    public async Task A_damaged_table_page_costs_its_own_rows_and_no_others()
    {
        using TestFolder folder = await Filled.FolderAsync(0, 2000);
        Random random = new(4);
        byte[] bytes = await File.ReadAllBytesAsync(folder.Data.DatabaseFile);
        for (int page = bytes.Length / 4096 / 2; page < bytes.Length / 4096 / 2 + 6; page += 2) random.NextBytes(bytes.AsSpan(page * 4096, 4096));
        DataFolder.WriteFile(folder.Data.DatabaseFile, bytes);
        DataFolder.WriteFile(folder.Data.DamageMark, []);
        using Vault vault = Vault.Open(folder.Data);
        AssertWhole(vault, 0, "three pages");
        Assert.InRange(Filled.ItemsOf(vault), 1900, 2000);
        // What is counted and indexed beside the rows follows what was saved.
        Assert.Equal(Filled.ItemsOf(vault), vault.Database.Read(connection => connection.Scalar<long>("SELECT items FROM counts")));
        Assert.Equal(1, vault.Database.Read(connection => connection.Scalar<long>("SELECT count(*) FROM counts")));
        Assert.True(await RollUp.FollowAsync(vault.Database, TimeZoneInfo.Utc));
        Assert.Equal(Filled.ItemsOf(vault), vault.Database.Read(connection => connection.Scalar<long>("SELECT sum(n) FROM days")));
        await vault.Database.WriteAsync(connection => connection.Execute("INSERT INTO search (search) VALUES ('integrity-check')"));
    }

    [Fact]
    public async Task A_recovery_killed_at_any_step_is_taken_up_again()
    {
        using TestFolder good = await Filled.FolderAsync(9, 30);
        byte[] bytes = await File.ReadAllBytesAsync(good.Data.DatabaseFile);
        Array.Clear(bytes, 8192, bytes.Length - 8192);
        DataFolder.WriteFile(good.Data.DatabaseFile, bytes);
        DataFolder.WriteFile(good.Data.DatabaseFile + "-wal", "left"u8);
        int steps = 0;
        for (bool finished = false; !finished; steps++)
        {
            using TestFolder folder = good.Copy();
            int left = steps;
            void KillAt(string from, string to)
            {
                if (to.StartsWith(folder.Path, StringComparison.Ordinal) && left-- == 0) throw new KilledException();
            }
            DataFolder.Moving += KillAt;
            try
            {
                Vault.Open(folder.Data).Dispose();
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
            using Vault vault = Vault.Open(folder.Data);
            AssertWhole(vault, 9, $"step {steps}");
            Assert.Equal(bytes, await File.ReadAllBytesAsync(Assert.Single(Directory.GetFiles(folder.Path, "soundings.db.damaged-*"))));
        }
        Assert.True(steps > 3, $"only {steps} steps were seen");
    }

    [Fact]
    public async Task Where_nothing_can_be_saved_everything_stays_as_it_is_and_the_way_back_is_named()
    {
        using TestFolder folder = await Filled.FolderAsync(3, 3);
        DataFolder.WriteFile(folder.Data.DatabaseFile, "SQLite format 3\0 and nothing behind it"u8);
        DataFolder.WriteFile(folder.Data.JournalFile, []);
        string before = Listing(folder.Path);
        string said = Assert.ThrowsAny<MendableError>(() => Vault.Open(folder.Data)).Message;
        Assert.Contains("soundings restore", said, StringComparison.Ordinal);
        Assert.Contains("neither a backup nor a journal", said, StringComparison.Ordinal);
        Assert.Equal(before, Listing(folder.Path));
    }

    [Fact]
    public async Task A_damaged_backup_is_passed_over_for_an_older_one()
    {
        using TestFolder folder = await Filled.FolderAsync(3, 30);
        using (Vault vault = Vault.Open(folder.Data))
        {
            Backups backups = new(vault, new BackupOptions { RoomToLeave = 0 });
            backups.MakeIfDue(Filled.Now);
            string newest = backups.MakeIfDue(Filled.Now.AddDays(1))!;
            DataFolder.WriteFile(newest, (await File.ReadAllBytesAsync(newest)).AsSpan(0, 3000));
        }
        DataFolder.WriteFile(folder.Data.DatabaseFile, []);
        using Vault again = Vault.Open(folder.Data);
        Assert.Equal((30L, "the backup 20261122T100000Z.backup"), (Filled.ItemsOf(again), again.Database.Recovered!.Source));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{"serverId":"x\ny"}""")]
    public async Task A_damaged_state_file_is_written_anew(string content)
    {
        using TestFolder folder = await Filled.FolderAsync(3, 3);
        byte[] good = await File.ReadAllBytesAsync(folder.Data.StateFile);
        DataFolder.WriteFile(folder.Data.StateFile, Encoding.UTF8.GetBytes(content));
        using (Vault vault = Vault.Open(folder.Data)) AssertWhole(vault, 3, content);
        Assert.Equal(good, await File.ReadAllBytesAsync(folder.Data.StateFile));
    }

    [Fact]
    public async Task The_damage_and_its_mending_are_shown_where_the_companion_says_how_it_is()
    {
        using TestFolder folder = await Filled.FolderAsync(5, 5);
        DataFolder.WriteFile(folder.Data.DatabaseFile, []);
        await using TestCompanion companion = await TestCompanion.StartAsync(folder);
        Soundings.Api.StorageHealth storage = companion.Get<Soundings.Api.Health>().Storage();
        Assert.Equal("recovered", storage.State);
        Assert.Contains("5 labels were saved", storage.Said, StringComparison.Ordinal);
        Answer stats = await companion.GetAsync("/api/v1/stats", companion.Token(Soundings.Api.Scopes.Ext));
        Assert.Equal("recovered", (string?)stats.Json!["health"]!["storage"]!["state"]);
        companion.Get<Database>().Damage = "a page";
        Assert.Equal("damaged", companion.Get<Soundings.Api.Health>().Storage().State);
    }

    [Fact]
    public async Task What_was_forgotten_comes_back_from_no_copy()
    {
        using TestFolder folder = await Filled.FolderAsync(8, 8);
        await using (TestCompanion companion = await TestCompanion.StartAsync(folder))
        {
            companion.Get<Backups>();
            new Backups(companion.Get<Vault>(), new BackupOptions { RoomToLeave = 0 }).MakeIfDue(Filled.Now);
            Assert.True((await companion.Get<Soundings.Api.Forgetter>().ForgetAsync(new ForgetWish { Site = "linkedin", Id = "item3" })).Erased);
            Assert.Equal(7, Journal.Count(folder.Data.JournalFile).Whole);
            Assert.Empty(Backups.All(folder.Data));
        }
        // Killed before the journal was written anew: then the database alone is believed.
        byte[] journal = await File.ReadAllBytesAsync(folder.Data.JournalFile);
        using (Vault vault = Vault.Open(folder.Data)) await new ForgetStore(vault.Database).ForgetAsync(new ForgetWish { Site = "linkedin", Id = "item4" });
        DataFolder.WriteFile(folder.Data.JournalFile, journal);
        using Vault again = Vault.Open(folder.Data);
        Assert.Equal(6, Filled.LabelsOf(again).Count);
        Assert.Equal(6, Journal.Count(folder.Data.JournalFile).Whole);
    }

    private sealed class KilledException : Exception;

    private static void Checked(Vault vault) => new StorageCheck(vault.Database, vault.Folder, NullLogger<StorageCheck>.Instance).Check();

    private static void AssertWhole(Vault vault, int labels, string what)
    {
        IReadOnlyList<string> stored = Filled.LabelsOf(vault);
        Assert.True(stored.Count == labels, $"{what}: {stored.Count} of {labels} labels");
        Assert.Empty(vault.Database.Read(LabelStore.Rotten));
        Assert.True(Filled.IntegrityOf(vault) == "ok", what);
        Assert.Empty(vault.Database.Read(connection => connection.Query("PRAGMA foreign_key_check", row => row.GetString(0))));
    }

    /// <summary>A copy of the folder as a kill leaves it: with so many more labels in the log alone.</summary>
    private static async Task<TestFolder> KilledAsync(TestFolder folder, int labels, int from)
    {
        using TestFolder work = folder.Copy();
        using Vault vault = Vault.Open(work.Data);
        await Filled.AddAsync(vault, labels, labels, from);
        return work.Copy();
    }

    private static string Listing(string folder) => string.Join('\n', Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
        .Where(file => Path.GetFileName(file) != "lock").Order(StringComparer.Ordinal).Select(file => $"{Path.GetRelativePath(folder, file)} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)))}"));
}
