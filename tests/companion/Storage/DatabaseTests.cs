using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Soundings.Storage;
using Soundings.Tests.Api;

namespace Soundings.Tests.Storage;

/// <summary>The file and its folder: who may see them, what is refused, and that what is refused stays as it was. What is saved from damage: DamageTests.</summary>
public sealed class DatabaseTests
{
    [Fact]
    public void What_was_written_is_there_after_reopening()
    {
        using TestFolder folder = new();
        string serverId;
        using (Vault vault = Vault.Open(folder.Data)) serverId = vault.ServerId;
        using Vault again = Vault.Open(folder.Data);
        Assert.Equal(serverId, again.ServerId);
    }

    [Fact]
    public void Everything_in_the_folder_is_its_owners_alone()
    {
        if (OperatingSystem.IsWindows()) return; // There the profile's access list holds.
        using TestFolder folder = new();
        using (Vault vault = Vault.Open(folder.Data))
        {
            AssertClosed(folder.Path);
        }
        AssertClosed(folder.Path);
    }

    [Fact]
    public async Task The_writer_flushes_every_commit_and_trusts_no_schema()
    {
        using TestFolder folder = new();
        using Vault vault = Vault.Open(folder.Data);
        foreach ((string pragma, object expected) in ((string, object)[])[("journal_mode", "wal"), ("synchronous", 2L), ("foreign_keys", 1L), ("trusted_schema", 0L), ("cell_size_check", 1L)])
            Assert.Equal(expected, await vault.Database.WriteAsync(connection => connection.Scalar<object>("PRAGMA " + pragma)));
    }

    [Fact]
    public async Task A_stop_leaves_all_in_the_one_file()
    {
        using TestFolder folder = new();
        using (Vault vault = Vault.Open(folder.Data)) await new SightStore(vault.Database).NoteAsync(new Sight("linkedin", "feed", 1, 1, 1));
        Assert.False(File.Exists(folder.Data.DatabaseFile + "-wal"));
    }

    [Theory]
    [InlineData("not a database at all, just words")]
    [InlineData("SQLite format 3\0 and then something else that is longer than the hundred bytes of a header, so that it is read, and refused")]
    [InlineData("x")]
    public void A_file_that_is_not_a_database_is_refused_and_left_as_it_is(string content)
    {
        using TestFolder folder = new();
        folder.Data.Prepare();
        DataFolder.WriteFile(folder.Data.DatabaseFile, System.Text.Encoding.ASCII.GetBytes(content));
        MendableError error = Assert.Throws<MendableError>(() => Vault.Open(folder.Data));
        Assert.Contains(folder.Data.DatabaseFile, error.Message, StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllText(folder.Data.DatabaseFile));
        // And the folder is free again for whoever mends it.
        File.Delete(folder.Data.DatabaseFile);
        Vault.Open(folder.Data).Dispose();
    }

    [Theory]
    [InlineData("PRAGMA user_version = 999", "newer")]
    [InlineData("PRAGMA application_id = 7", "not a Soundings database")]
    public void A_database_of_a_newer_version_or_another_program_is_refused_and_left_as_it_is(string change, string said)
    {
        using TestFolder folder = new();
        Vault.Open(folder.Data).Dispose();
        Change(folder.Data.DatabaseFile, change);
        byte[] before = File.ReadAllBytes(folder.Data.DatabaseFile);
        Assert.Contains(said, Assert.Throws<MendableError>(() => Vault.Open(folder.Data)).Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(folder.Data.DatabaseFile));
    }

    [Fact]
    public void A_database_with_tables_of_somebody_else_is_refused_and_left_as_it_is()
    {
        using TestFolder folder = new();
        folder.Data.Prepare();
        DataFolder.WriteFile(folder.Data.DatabaseFile, []);
        Change(folder.Data.DatabaseFile, "CREATE TABLE notes (note TEXT)");
        byte[] before = File.ReadAllBytes(folder.Data.DatabaseFile);
        Assert.Contains("not a Soundings database", Assert.Throws<MendableError>(() => Vault.Open(folder.Data)).Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(folder.Data.DatabaseFile));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_database_that_vanished_or_was_emptied_is_damage_and_not_a_first_start(bool emptied)
    {
        using TestFolder folder = new();
        Vault.Open(folder.Data).Dispose();
        File.Delete(folder.Data.DatabaseFile);
        if (emptied) DataFolder.WriteFile(folder.Data.DatabaseFile, []);
        Assert.Contains("missing or empty", Assert.Throws<MendableError>(() => Vault.Open(folder.Data)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_page_full_of_zeros_is_damage_said_clearly()
    {
        using TestFolder folder = new();
        Vault.Open(folder.Data).Dispose();
        byte[] content = File.ReadAllBytes(folder.Data.DatabaseFile);
        Array.Clear(content, 100, 3996);
        DataFolder.WriteFile(folder.Data.DatabaseFile, content);
        Assert.Contains("damaged", Assert.Throws<MendableError>(() => Vault.Open(folder.Data)).Message, StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllBytes(folder.Data.DatabaseFile));
    }

    [Fact]
    public void A_folder_that_others_can_look_into_is_refused()
    {
        if (OperatingSystem.IsWindows()) return;
        using TestFolder folder = new();
        Vault.Open(folder.Data).Dispose();
        File.SetUnixFileMode(folder.Data.DatabaseFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.Contains("chmod 600", Assert.Throws<MendableError>(() => Vault.Open(folder.Data)).Message, StringComparison.Ordinal);
        File.SetUnixFileMode(folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead);
        Assert.Contains("chmod 700", Assert.Throws<MendableError>(() => Vault.Open(folder.Data)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_folder_that_others_could_look_into_is_closed_and_used()
    {
        if (OperatingSystem.IsWindows()) return;
        using TestFolder folder = new();
        Directory.CreateDirectory(folder.Path);
        File.SetUnixFileMode(folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        Vault.Open(folder.Data).Dispose();
        AssertClosed(folder.Path);
    }

    [Fact]
    public void A_folder_of_another_user_is_refused()
    {
        if (OperatingSystem.IsWindows() || Environment.UserName != "root") return; // Only root can give a folder away.
        using TestFolder folder = new();
        Vault.Open(folder.Data).Dispose();
        using Process chown = Process.Start("chown", ["12345", folder.Path]);
        chown.WaitForExit();
        Assert.Contains("belongs to another user (number 12345)", Assert.Throws<MendableError>(() => Vault.Open(folder.Data)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_said_with_its_name()
    {
        using TestFolder folder = new();
        folder.Data.Prepare();
        // Below a file there is no folder, not even for root.
        string below = Path.Combine(folder.Data.LockFile, "data");
        File.WriteAllText(folder.Data.LockFile, "");
        Assert.Contains(below, Assert.Throws<MendableError>(() => Vault.Open(DataFolder.At(below))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_one_on_the_same_folder_is_told_where_the_first_is()
    {
        using TestFolder folder = new();
        using Vault first = Vault.Open(folder.Data);
        new RunningCompanion(28417, first.ServerId, 1, "t").Write(folder.Data);
        Assert.Contains("already running at http://127.0.0.1:28417", Assert.Throws<MendableError>(() => Vault.Open(folder.Data)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_write_that_fails_takes_none_with_it_that_waited_beside_it()
    {
        using TestFolder folder = new();
        using Vault vault = Vault.Open(folder.Data);
        using ManualResetEventSlim gate = new();
        Task first = vault.Database.WriteAsync(_ => gate.Wait(TimeSpan.FromSeconds(10)));
        SightStore sights = new(vault.Database);
        Task<int> good = sights.NoteAsync(new Sight("linkedin", "feed", 1, 2, 3));
        Task<int> bad = vault.Database.WriteAsync(connection =>
        {
            connection.Execute("INSERT INTO sights VALUES ('half', 'done', 0, 0, 0)");
            return connection.Execute("INSERT INTO sights VALUES (NULL, NULL, NULL, NULL, NULL)");
        });
        Task<int> after = sights.NoteAsync(new Sight("facebook", "feed", 1, 2, 3));
        gate.Set();
        await first;
        await good;
        await after;
        await Assert.ThrowsAsync<SqliteException>(() => bad);
        Assert.Equal(["facebook", "linkedin"], sights.All().Select(sight => sight.Site));
    }

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static void AssertClosed(string folder)
    {
        foreach (string path in Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).Append(folder))
        {
            UnixFileMode mode = File.GetUnixFileMode(path) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            Assert.True(mode == 0, $"{path} is open to {mode}");
        }
    }

    private static void Change(string file, string sql)
    {
        using SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        connection.Open();
        connection.Execute(sql);
    }
}
