using System.CommandLine;
using System.Globalization;
using Soundings.Api;
using Soundings.Storage;

namespace Soundings.Cli;

/// <summary>The verb <c>restore</c>: a backup put back, whole or not at all, also while the companion is running.</summary>
internal static class RestoreVerb
{
    private static readonly TimeSpan BackAgain = TimeSpan.FromSeconds(60), Look = TimeSpan.FromMilliseconds(100);

    public static Command Build()
    {
        Argument<string> file = new("FILE") { Description = "A backup that 'backup' wrote, or one of those under backups/ in the data folder" };
        LineFiles.RefuseEmptyName(file);
        Option<string?> data = CommonOptions.Data();
        Command verb = new("restore", "Put a backup back. It is checked first; what is there now is kept aside; connected browsers stay connected") { file, data };
        verb.SetAction((parsed, stop) => RunAsync(Path.GetFullPath(parsed.GetRequiredValue(file)), parsed.Folder(data), stop));
        return verb;
    }

    private static async Task<int> RunAsync(string file, DataFolder folder, CancellationToken stop)
    {
        if (!File.Exists(file)) throw new MendableError($"There is no file {file}.");
        BackupReply restored;
        string? aside = null;
        if (Vault.IsHeld(folder))
        {
            string? before = RunningCompanion.Read(folder)?.Token;
            restored = await CompanionCall.PostAsync(folder, "restore", new BackupRequest(file), WireJson.Context.BackupRequest, WireJson.Context.BackupReply, stop, BackupVerb.Patience);
            await AwaitAsync(folder, before, stop);
        }
        else
        {
            folder.Prepare();
            using FileStream held = Vault.TakeLock(folder);
            restored = BackupReply.Of(Restore.Stage(folder, file, DateTimeOffset.UtcNow));
            aside = Restore.Finish(folder);
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Restored {restored.Items} items and {restored.Labels} labels as of {restored.Made}."));
        Console.WriteLine($"What was there before is in {aside ?? folder.ReplacedFolder}; delete it once you do not need it.");
        return 0;
    }

    /// <summary>Until the companion has begun anew: it leaves a new token then.</summary>
    private static async Task AwaitAsync(DataFolder folder, string? before, CancellationToken stop)
    {
        long began = TimeProvider.System.GetTimestamp();
        while (RunningCompanion.Read(folder)?.Token is not { } now || now == before)
        {
            if (TimeProvider.System.GetElapsedTime(began) > BackAgain)
                throw new MendableError("The backup was checked and laid ready, but the companion did not come back by itself. Start it again: soundings serve");
            await Task.Delay(Look, stop);
        }
    }
}
