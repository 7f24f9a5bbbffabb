using System.CommandLine;
using Soundings.Storage;

namespace Soundings.Cli;

/// <summary>The option that every verb has.</summary>
internal static class CommonOptions
{
    public static Option<string?> Data() => new("--data")
    {
        Description = "The data folder (default: 'soundings' in your application-data folder)",
        HelpName = "DIR",
    };

    public static DataFolder Folder(this ParseResult parsed, Option<string?> data) => DataFolder.At(parsed.GetValue(data));
}
