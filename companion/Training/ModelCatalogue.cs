using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Soundings.Depth;
using Soundings.Storage;

namespace Soundings.Training;

/// <summary>
/// Owns the models in a data folder: one file a version under models/ with its report beside it, and the names of the active one and
/// of the one last chosen in models/active and models/chosen. A version is written whole before it is named, and read only if its bytes are those its report vouches for, under a key
/// of this folder. With nothing in it the starter model judges.
/// </summary>
internal sealed class ModelCatalogue
{
    /// <summary>Far above any model of ours; what is larger is not read.</summary>
    private const long MaxBytes = 64 << 20;

    private readonly string _directory;
    private readonly Lock _gate = new();

    private ModelCatalogue(string directory) => _directory = directory;

    public static ModelCatalogue Open(DataFolder data) => new(data.ModelsFolder);

    public string ActiveVersion => PointedAt("active");

    /// <summary>What was last made to serve by name, by a person or by a full training: labels since then only refine it.</summary>
    private string ChosenVersion => PointedAt("chosen");

    /// <summary>From the starter on, in the order of their names.</summary>
    public IReadOnlyList<string> Versions
    {
        get
        {
            IEnumerable<string> files = Directory.Exists(_directory)
                ? Directory.EnumerateFiles(_directory, "*.model").Concat(Directory.EnumerateFiles(_directory, "*.head"))
                : [];
            return [.. files.Select(file => ModelVersion.Parse(Path.GetFileNameWithoutExtension(file))).OfType<ModelVersion>()
                .Append(ModelVersion.Starter).Distinct().Order().Select(version => version.ToString())];
        }
    }

    public Scorer LoadActive() => Load(ActiveVersion);

    /// <summary>
    /// The active model, or, where that fails its check, the newest earlier one that passes; what is wrong is said in <paramref name="fault"/>,
    /// and the pointer stays for a person to move.
    /// </summary>
    public Scorer LoadServing(out string? fault)
    {
        string active = ActiveVersion;
        try
        {
            fault = null;
            return Load(active);
        }
        catch (MendableError error)
        {
            fault = error.Message;
        }
        ModelVersion? broken = ModelVersion.Parse(active);
        foreach (string version in Versions.Reverse().Where(version => version != active && (broken is not { } b || ModelVersion.Parse(version)!.Value.CompareTo(b) < 0)))
        {
            try
            {
                Scorer scorer = Load(version);
                fault += $" Version {version} judges meanwhile.";
                return scorer;
            }
            catch (MendableError)
            {
                // Said once already: the next one may do.
                continue;
            }
        }
        fault += " The starter model judges meanwhile.";
        return Load(StarterModel.Version);
    }

    public Scorer Load(string version)
    {
        ModelVersion named = Named(version);
        if (!named.IsPersonal) return new Scorer(LoadModel(named));
        PersonalHead head = PersonalHead.Read(Verified(named), $"The model {version}");
        ModelVersion standing = new(named.Base, 0);
        if (head.BaseVersion != standing.ToString() || head.Version != version)
            throw new MendableError($"The model {version} says it is {head.Version} on {head.BaseVersion}. It will be learned again from your labels.");
        Model model = LoadModel(standing);
        if (head.BaseHash != HashOf(standing.ToString()))
            throw new MendableError($"The model {version} was learned on another model {standing} than the one here. It will be learned again from your labels.");
        return new Scorer(model, head);
    }

    /// <summary>The SHA-256 of the file a version stands in.</summary>
    public string HashOf(string version) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(PathOf(Named(version)))));

    /// <summary>The next free number for a full training.</summary>
    public string Next() => new ModelVersion(Versions.Max(version => ModelVersion.Parse(version)!.Value.Base) + 1, 0).ToString();

    public void Add(string version, byte[] content, JsonObject report)
    {
        ModelVersion named = Named(version);
        if (named.IsStarter) throw new InvalidOperationException("the starter is not replaced");
        lock (_gate)
        {
            DataFolder.CreateFolder(_directory);
            report["version"] = version;
            report["bytes"] = content.Length;
            report["sha256"] = Convert.ToHexStringLower(SHA256.HashData(content));
            report["mac"] = MacOf(report);
            DataFolder.WriteFile(PathOf(named), content);
            // The report last: a file without one was cut short and is never read.
            DataFolder.WriteFile(ReportPathOf(named), Encoding.UTF8.GetBytes(report.ToJsonString(Indented)));
        }
    }

    /// <summary>What was written down when a version was made; null for the starter, and where it cannot be read.</summary>
    public JsonObject? ReportOf(string version)
    {
        if (!File.Exists(ReportPathOf(Named(version)))) return null;
        try
        {
            return JsonNode.Parse(File.ReadAllBytes(ReportPathOf(Named(version)))) as JsonObject;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Makes a version the active one, after proving that it can be read.</summary>
    public Scorer Activate(string version)
    {
        Scorer scorer = Load(version);
        PointAt("chosen", version);
        Point(version);
        return scorer;
    }

    /// <summary>Moves the pointer to a version that was just written from memory; its file is checked again when it is next read.</summary>
    public void Point(string version) => PointAt("active", version);

    /// <summary>Lets go what <see cref="KeepPolicy"/> does not keep.</summary>
    public void Prune()
    {
        lock (_gate)
        {
            IReadOnlyList<ModelVersion> needed = [.. new[] { ActiveVersion, ChosenVersion }.Select(ModelVersion.Parse).OfType<ModelVersion>()];
            foreach (ModelVersion version in KeepPolicy.LetGo([.. Versions.Select(Named)], needed))
            {
                File.Delete(ReportPathOf(version));
                File.Delete(PathOf(version));
            }
        }
    }

    /// <summary>Lets every version go that was made here, with its report; the starter judges. How many there were.</summary>
    public int RemoveOwn()
    {
        PointAt("chosen", StarterModel.Version);
        Point(StarterModel.Version);
        int removed = 0;
        lock (_gate)
        {
            foreach (ModelVersion version in Versions.Select(Named).Where(version => !version.IsStarter))
            {
                File.Delete(ReportPathOf(version));
                File.Delete(PathOf(version));
                removed++;
            }
        }
        return removed;
    }

    private string PointedAt(string pointer)
    {
        string path = Path.Combine(_directory, pointer);
        return File.Exists(path) ? File.ReadAllText(path).Trim() : StarterModel.Version;
    }

    private void PointAt(string pointer, string version)
    {
        lock (_gate)
        {
            DataFolder.CreateFolder(_directory);
            DataFolder.WriteFile(Path.Combine(_directory, pointer), Encoding.UTF8.GetBytes(Named(version).ToString()));
        }
    }

    private Model LoadModel(ModelVersion version) => version.IsStarter
        ? Model.Load(StarterModel.Path)
        : Model.Read(Verified(version), PathOf(version));

    /// <summary>The bytes of a version, read once, if they are those that were written here.</summary>
    private byte[] Verified(ModelVersion version)
    {
        string path = PathOf(version);
        if (ReportOf(version.ToString()) is not { } report)
            throw new MendableError(File.Exists(path) ? $"The model {version} has no report, so it is not known to be ours." : NoSuch(version));
        try
        {
            FileInfo file = new(path);
            long bytes = (long?)report["bytes"] ?? -1;
            if (!file.Exists || file.Length != bytes || bytes > MaxBytes)
                throw new MendableError($"The model {version} is damaged: its file is missing or not of the length its report says. Switch to another version.");
            byte[] content = File.ReadAllBytes(path);
            string sum = Convert.ToHexStringLower(SHA256.HashData(content));
            if (sum != (string?)report["sha256"] || (string?)report["version"] != version.ToString())
                throw new MendableError($"The model {version} is damaged: its content does not fit its report. Switch to another version.");
            if (MacOf(report) != (string?)report["mac"])
                throw new MendableError($"The model {version} was not made in this data folder, and models are never taken from elsewhere. Train from your labels instead.");
            return content;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidOperationException or FormatException)
        {
            throw new MendableError($"The model {version} cannot be read: {error.Message}", error);
        }
    }

    private string MacOf(JsonObject report) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Key(), Encoding.UTF8.GetBytes($"model\n{report["version"]}\n{report["bytes"]}\n{report["sha256"]}")));

    /// <summary>Made with the first version; whoever can read it can write models here anyway, but a file copied from elsewhere is told.</summary>
    private byte[] Key()
    {
        string path = Path.Combine(_directory, "key");
        if (File.Exists(path) && File.ReadAllBytes(path) is { Length: 32 } key) return key;
        byte[] fresh = RandomNumberGenerator.GetBytes(32);
        DataFolder.CreateFolder(_directory);
        DataFolder.WriteFile(path, fresh);
        return fresh;
    }

    private ModelVersion Named(string version) => ModelVersion.Parse(version) ?? throw new MendableError($"There is no model {Short(version)}. There are: {string.Join(", ", Versions)}.");

    private string NoSuch(ModelVersion version) => $"There is no model {version}. There are: {string.Join(", ", Versions)}.";

    private static string Short(string text) => text.Length <= 20 ? text : text[..20] + "…";

    private string PathOf(ModelVersion version) => version.IsStarter
        ? StarterModel.Path
        : Path.Combine(_directory, version + (version.IsPersonal ? ".head" : ".model"));

    private string ReportPathOf(ModelVersion version) => Path.Combine(_directory, version + ".json");

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
}
