using Soundings.Storage;
using Soundings.Tests.Api;
using Soundings.Tests.Durability;

namespace Soundings.Tests.Cli;

/// <summary>The verb doctor on folders that lack something: it says what, changes nothing unasked, and mends what is safe.</summary>
public sealed class DoctorVerbTests
{
    [Fact]
    public async Task A_healthy_folder_is_well_in_every_part_also_while_a_companion_has_it()
    {
        using TestFolder folder = await Filled.FolderAsync(4, 9);
        File.Delete(Path.Combine(folder.Path, "sites", "own.json"));
        (int code, string said, string error) = await SoundingsProcess.RunAsync("doctor", "--data", folder.Path);
        Assert.True(code == 0, said + error);
        Assert.Contains("9 items, 4 labels", said, StringComparison.Ordinal);
        Assert.DoesNotContain("ILL", said, StringComparison.Ordinal);

        using SoundingsProcess companion = await SoundingsProcess.ServeAsync(folder, "--port", "0");
        (code, said, _) = await SoundingsProcess.RunAsync("doctor", "--data", folder.Path);
        Assert.Equal(0, code);
        Assert.Contains("It is running at " + companion.Address, said, StringComparison.Ordinal);
        (code, _, error) = await SoundingsProcess.RunAsync("doctor", "--repair", "--data", folder.Path);
        Assert.Equal(2, code);
        Assert.Contains("Stop it first", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_ill_is_named_with_the_way_back_and_nothing_is_changed_until_it_is_asked_for()
    {
        using TestFolder folder = await Filled.FolderAsync(4, 9);
        byte[] bytes = await File.ReadAllBytesAsync(folder.Data.DatabaseFile);
        Array.Clear(bytes, 8192, 20_000);
        DataFolder.WriteFile(folder.Data.DatabaseFile, bytes);
        DataFolder.WriteFile(Path.Combine(folder.Data.ModelsFolder, "active"), "7"u8);
        IReadOnlyList<Soundings.Cli.Finding> found = Soundings.Cli.Doctor.Examine(folder.Data);
        Assert.Equal(["database", "models", "rules"], found.Where(finding => finding.IsWell == false).Select(finding => finding.What));
        Assert.Contains("soundings doctor --repair", found.Single(finding => finding.What == "database").Said, StringComparison.Ordinal);
        Assert.Contains("own.json", found.Single(finding => finding.What == "rules").Said, StringComparison.Ordinal);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(folder.Data.DatabaseFile));

        File.Delete(Path.Combine(folder.Path, "sites", "own.json"));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder.Data.JournalFile, (UnixFileMode)0x1A4);
        (int code, string said, string error) = await SoundingsProcess.RunAsync("doctor", "--repair", "--data", folder.Path);
        Assert.True(code == 0, said + error);
        Assert.Contains("labels were saved", error, StringComparison.Ordinal);
        using Vault vault = Vault.Open(folder.Data);
        Assert.Equal(4, Filled.LabelsOf(vault).Count);
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_not_made_and_one_beyond_saving_is_left_as_it_is()
    {
        using TestFolder none = new(), folder = await Filled.FolderAsync(0, 0);
        Assert.Equal(0, (await SoundingsProcess.RunAsync("doctor", "--repair", "--data", none.Path)).Code);
        Assert.False(Directory.Exists(none.Path));
        DataFolder.WriteFile(folder.Data.DatabaseFile, "words"u8);
        (int code, string said, string error) = await SoundingsProcess.RunAsync("doctor", "--repair", "--data", folder.Path);
        Assert.Equal(2, code);
        Assert.Contains("ILL   database", said, StringComparison.Ordinal);
        Assert.Contains("neither a backup nor a journal", error, StringComparison.Ordinal);
        Assert.Equal("words", await File.ReadAllTextAsync(folder.Data.DatabaseFile));
    }
}
