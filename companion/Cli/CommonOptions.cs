using System.CommandLine;
using Soundings.Storage;

namespace Soundings.Cli;

/// <summary>The option that every verb has.</summary>
internal static class CommonOptions
{
    public static Option<string?> Data()
    {
        Option<string?> data = new("--data")
        {
            Description = "The data folder (default: 'soundings' in your application-data folder)",
            HelpName = "DIR",
        };
        data.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var path }] && (string.IsNullOrWhiteSpace(path) || path.Contains('\0'))) result.AddError("--data takes the path of a folder, which must not be empty.");
        });
        return data;
    }

    public static DataFolder Folder(this ParseResult parsed, Option<string?> data) => DataFolder.At(parsed.GetValue(data));
}
