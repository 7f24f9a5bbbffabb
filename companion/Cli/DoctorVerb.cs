using System.CommandLine;
using Soundings.Storage;

namespace Soundings.Cli;

/// <summary>The verb <c>doctor</c>: what is well in the data folder, what is not, and the way back.</summary>
internal static class DoctorVerb
{
    public static Command Build()
    {
        Option<bool> repair = new("--repair") { Description = "Mend what can be mended safely: modes, a damaged database and its journal, a pointer to a model that cannot be read. Nothing damaged is deleted" };
        Option<string?> data = CommonOptions.Data();
        Command verb = new("doctor", "Look the data folder over: modes, database, journal, models, rules, backups, disk. It changes nothing without --repair") { repair, data };
        verb.SetAction(parsed => Run(parsed.GetValue(repair), parsed.Folder(data)));
        return verb;
    }

    private static int Run(bool repair, DataFolder folder)
    {
        string? fault = null;
        if (repair && Directory.Exists(folder.Path))
        {
            if (Vault.IsHeld(folder)) throw new MendableError("A companion has this folder. Stop it first (Ctrl+C where it runs), then repair.");
            try
            {
                Doctor.Repair(folder);
            }
            catch (MendableError error)
            {
                fault = error.Message;
            }
        }
        IReadOnlyList<Finding> findings = Doctor.Examine(folder);
        foreach (Finding finding in findings) Console.WriteLine($"{finding.IsWell switch { true => "well", false => "ILL ", null => "    " }}  {finding.What + ":",-11} {finding.Said}");
        if (fault is not null) Console.Error.WriteLine(fault);
        return fault is null && findings.All(finding => finding.IsWell != false) ? 0 : 2;
    }
}
