using System.CommandLine;
using System.Globalization;
using Soundings.Api;
using Soundings.Depth;
using Soundings.Reading.Exports;
using Soundings.Storage;
using Soundings.Training;

namespace Soundings.Cli;

/// <summary>The verb <c>import</c>: recognises what it is given, and hands it to whoever imports that, through the companion where one runs.</summary>
internal static class ImportVerb
{
    private static readonly TimeSpan TellEvery = TimeSpan.FromMilliseconds(250);

    public static Command Build()
    {
        var path = new Argument<string>("PATH")
        {
            Description = "A LinkedIn or Facebook data export (zip, unpacked folder, or one of its CSV, JSON or HTML files), a saved page, or labels as JSON Lines",
        };
        LineFiles.RefuseEmptyName(path);
        Option<string?> data = CommonOptions.Data();
        Option<bool> json = new("--json") { Description = "Print the whole report as JSON" };
        Command verb = new("import", "Take in what a site exported of you, or labels of yours: all of it, or nothing if it is broken") { path, json, data };
        verb.SetAction((parsed, stop) => RunAsync(parsed.GetRequiredValue(path), parsed.GetValue(json), parsed.Folder(data), stop));
        return verb;
    }

    private static async Task<int> RunAsync(string path, bool json, DataFolder data, CancellationToken stop)
    {
        try
        {
            if (!Directory.Exists(path) && FormatOf(path) == ImportFormat.OwnLines) return await LabelImport.RunAsync(new FileInfo(path), data, stop);
            string full = Path.GetFullPath(path);
            ImportReport report = Vault.IsHeld(data)
                ? await CompanionCall.PostAsync(data, "import/local", new ImportLocalRequest(full), WireJson.Context.ImportLocalRequest, WireJson.Context.ImportReport, stop, Timeout.InfiniteTimeSpan)
                : await HereAsync(full, data, stop);
            if (json) Console.WriteLine(System.Text.Json.JsonSerializer.Serialize(report, WireJson.Context.ImportReport));
            else Tell(report);
            return 0;
        }
        catch (ImportRefused refused)
        {
            throw new MendableError(refused.Message + " Nothing was imported.", refused);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            throw new MendableError("Cancelled. Nothing was imported.");
        }
    }

    /// <summary>With no companion on the folder this process is the one that has it.</summary>
    private static async Task<ImportReport> HereAsync(string path, DataFolder data, CancellationToken stop)
    {
        using Vault vault = Vault.Open(data);
        ImportRun.ForgetLeftovers(data);
        ImportMeter meter = new(stop);
        ActiveModel model = new(ModelCatalogue.Open(data).LoadActive());
        ImportRun run = new(data, new ImportStore(vault.Database), model, TimeProvider.System);
        Task<ImportReport> running = run.RunAsync(path, Path.GetFileName(Path.TrimEndingDirectorySeparator(path)), meter);
        // Only for somebody who looks on: a script's log wants no moving line.
        while (!Console.IsErrorRedirected && await Task.WhenAny(running, Task.Delay(TellEvery, CancellationToken.None)) != running)
        {
            ImportProgress now = meter.Now;
            await Console.Error.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"\r{now.State} {now.Bytes >> 10} KiB, {now.Read} records "));
        }
        return await running;
    }

    private static void Tell(ImportReport report)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Read {report.Read}, kept {report.Kept} ({report.Added} new, {report.Known} here before), left out {report.Skipped}."));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Kept: {report.Kinds.Posts} posts, {report.Kinds.Comments} comments, {report.Kinds.Replies} replies, {report.Kinds.Reactions} reactions; {report.Mended} of them with broken quoting or letters mended."));
        foreach (ImportReason reason in report.Reasons)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Left out {reason.Count}: {reason.Reason}."));
        foreach (ImportSkip skip in report.Skips)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {skip.File}, line {skip.Line}: {skip.Reason}"));
    }

    private static ImportFormat FormatOf(string path)
    {
        using FileStream file = LineFiles.Open(new FileInfo(path));
        byte[] head = new byte[ImportFormats.HeadBytes];
        return ImportFormats.Recognise(Path.GetFileName(path), head.AsSpan(0, file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)));
    }
}
