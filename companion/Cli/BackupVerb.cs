using System.CommandLine;
using System.Globalization;
using Soundings.Api;
using Soundings.Storage;

namespace Soundings.Cli;

/// <summary>The verb <c>backup</c>: everything worth keeping in one file, also while the companion is running.</summary>
internal static class BackupVerb
{
    /// <summary>A copy of a large database takes its time.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    public static Command Build()
    {
        Argument<string> file = new("FILE") { Description = "Where to write; an earlier backup there is replaced, anything else is left alone" };
        LineFiles.RefuseEmptyName(file);
        Option<string?> data = CommonOptions.Data();
        Command verb = new("backup", "Write items, labels, models, rules and settings into one file. It holds others' texts and the connected browsers' secrets: keep it as safe as the folder itself") { file, data };
        verb.SetAction((parsed, stop) => RunAsync(Path.GetFullPath(parsed.GetRequiredValue(file)), parsed.Folder(data), stop));
        return verb;
    }

    private static async Task<int> RunAsync(string file, DataFolder folder, CancellationToken stop)
    {
        BackupReply made;
        if (Vault.IsHeld(folder))
            made = await CompanionCall.PostAsync(folder, "backup", new BackupRequest(file), WireJson.Context.BackupRequest, WireJson.Context.BackupReply, stop, Patience);
        else
        {
            if (!File.Exists(folder.DatabaseFile) && !File.Exists(folder.StateFile)) throw new MendableError($"There is nothing in {folder.Path} to back up yet.");
            using Vault vault = Vault.Open(folder);
            made = BackupReply.Of(BackupFile.Write(folder, vault.Database.CopyTo, file, DateTimeOffset.UtcNow));
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Backed up {made.Items} items and {made.Labels} labels in {made.Files} files to {file}."));
        return 0;
    }
}
