using System.Globalization;
using System.Text;
using Soundings.Depth;
using Soundings.Storage;

namespace Soundings.Training;

/// <summary>
/// Owns the models in a data folder: one file a version under models/, and the name of the active one in models/active. With none
/// in it, the starter model judges. An active model that cannot be read is an error, never quietly replaced.
/// </summary>
internal sealed class ModelCatalogue
{
    private readonly string _directory;

    private ModelCatalogue(string directory) => _directory = directory;

    public static ModelCatalogue Open(DataFolder data) => new(data.ModelsFolder);

    public string ActiveVersion
    {
        get
        {
            var name = Path.Combine(_directory, "active");
            return File.Exists(name) ? File.ReadAllText(name).Trim() : StarterModel.Version;
        }
    }

    public IEnumerable<string> Versions
    {
        get
        {
            var learned = Directory.Exists(_directory)
                ? Directory.EnumerateFiles(_directory, "*.model").Select(f => Path.GetFileNameWithoutExtension(f)).Where(v => v != StarterModel.Version)
                : [];
            return learned.OrderBy(v => int.TryParse(v, CultureInfo.InvariantCulture, out var n) ? n : int.MaxValue).Prepend(StarterModel.Version);
        }
    }

    public Scorer LoadActive() => Load(ActiveVersion);

    public Scorer Load(string version) => Scorer.Load(PathOf(version));

    /// <summary>The next free version number.</summary>
    public string Next() => (Versions.Max(v => int.TryParse(v, CultureInfo.InvariantCulture, out var n) ? n : 0) + 1).ToString(CultureInfo.InvariantCulture);

    public string Add(Model model)
    {
        var path = PathOf(model.Version);
        DataFolder.CreateFolder(_directory);
        model.Save(path);
        return path;
    }

    /// <summary>Makes a version the active one, after proving that it can be read.</summary>
    public void Activate(string version)
    {
        if (!Versions.Contains(version))
            throw new MendableError($"There is no model {version}. There are: {string.Join(", ", Versions)}.");
        Load(version);
        DataFolder.CreateFolder(_directory);
        var name = Path.Combine(_directory, "active");
        DataFolder.WriteFile(name, Encoding.UTF8.GetBytes(version));
    }

    private string PathOf(string version) => version == StarterModel.Version ? StarterModel.Path : Path.Combine(_directory, $"{version}.model");
}
