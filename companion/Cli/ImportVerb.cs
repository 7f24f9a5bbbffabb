using System.CommandLine;
using Soundings.Reading.Exports;
using Soundings.Storage;
using Soundings.Training;

namespace Soundings.Cli;

/// <summary>The verb <c>import</c>: recognises what it is given, and hands it to whoever imports that.</summary>
internal static class ImportVerb
{
    public static Command Build()
    {
        var path = new Argument<string>("PATH")
        {
            Description = "A LinkedIn or Facebook data export (zip, unpacked folder, or one of its CSV, JSON or HTML files), a saved page, or labels as JSON Lines",
        };
        Option<string?> data = CommonOptions.Data();
        Command verb = new("import", "Take in what a site exported of you, or labels of yours: all of it, or nothing if it is broken") { path, data };
        verb.SetAction((parsed, stop) => RunAsync(parsed.GetRequiredValue(path), parsed.Folder(data), stop));
        return verb;
    }

    private static Task<int> RunAsync(string path, DataFolder data, CancellationToken stop)
    {
        if (!Directory.Exists(path) && FormatOf(path) == ImportFormat.OwnLines) return LabelImport.RunAsync(new FileInfo(path), data, stop);
        throw new MendableError("Importing the sites' exports is not built yet.");
    }

    private static ImportFormat FormatOf(string path)
    {
        using FileStream file = LineFiles.Open(new FileInfo(path));
        byte[] head = new byte[ImportFormats.HeadBytes];
        try
        {
            return ImportFormats.Recognise(Path.GetFileName(path), head.AsSpan(0, file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)));
        }
        catch (ImportRefused refused)
        {
            throw new MendableError(refused.Message, refused);
        }
    }
}
