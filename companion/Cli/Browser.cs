using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using Soundings.Storage;

namespace Soundings.Cli;

/// <summary>
/// Opens a page of ours in the person's default browser. A one-time ticket on a command line could be read by every user of the machine,
/// so what the browser is given is a file that only its owner can read, which leads on to the link and is gone after a few seconds.
/// </summary>
internal class Browser(Vault vault)
{
    private static readonly TimeSpan FileLifetime = TimeSpan.FromSeconds(10);

    /// <summary>Whether there is a desktop on which anything could be shown.</summary>
    public static bool HasDesktop => !OperatingSystem.IsLinux() || Environment.GetEnvironmentVariable("DISPLAY") is not null || Environment.GetEnvironmentVariable("WAYLAND_DISPLAY") is not null;

    /// <summary>Shows the data folder in the desktop's own file manager.</summary>
    public virtual void OpenFolder()
    {
        try
        {
            using Process? started = OperatingSystem.IsLinux() ? Start("xdg-open", vault.Folder.Path)
                : OperatingSystem.IsMacOS() ? Start("open", vault.Folder.Path)
                : Start("explorer.exe", vault.Folder.Path);
        }
        catch (Exception error) when (error is Win32Exception or IOException)
        {
            Console.Error.WriteLine($"The folder could not be opened; it is {vault.Folder.Path}");
        }
    }

    public virtual void Open(string link)
    {
        if (!HasDesktop) return; // The printed link is the way in.
        string file = Path.Combine(vault.Folder.RunFolder, $"open-{Guid.NewGuid():n}.html");
        string page = $"""<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer"><title>Soundings</title><meta http-equiv="refresh" content="0;url={WebUtility.HtmlEncode(link)}">""";
        try
        {
            DataFolder.WriteFile(file, System.Text.Encoding.UTF8.GetBytes(page));
            using Process? started = OperatingSystem.IsLinux() ? Start("xdg-open", file)
                : OperatingSystem.IsMacOS() ? Start("open", file)
                : Process.Start(new ProcessStartInfo(file) { UseShellExecute = true });
        }
        catch (Exception error) when (error is Win32Exception or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine("No browser could be opened; use the link above.");
        }
        _ = Task.Delay(FileLifetime).ContinueWith(_ => Forget(file), TaskScheduler.Default);
    }

    /// <summary>Removes what an earlier companion left when it was killed within those seconds.</summary>
    public static void ForgetLeftovers(DataFolder folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder.RunFolder, "open-*.html")) Forget(file);
    }

    private static Process? Start(string program, string file)
    {
        ProcessStartInfo info = new(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        info.ArgumentList.Add(file);
        return Process.Start(info);
    }

    private static void Forget(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"A used-up link file could not be removed: {file}");
        }
    }
}
