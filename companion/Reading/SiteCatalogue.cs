namespace Soundings.Reading;

/// <summary>
/// Owns which rule files count: those beside the program, and newer ones that the user put into DATA/sites.
/// A file that cannot be used is refused with the line and the reason, and the rules it would have replaced stay.
/// </summary>
internal sealed class SiteCatalogue
{
    private readonly Dictionary<string, SiteRules> _bySite = new(StringComparer.Ordinal);

    /// <summary>Every file that was not taken: its name, and why.</summary>
    public List<(string File, string Reason)> Refused { get; } = [];

    /// <summary>The user's own files that were taken, by name: whose rules they are, and what they hold.</summary>
    public Dictionary<string, (string Site, byte[] Json)> Own { get; } = new(StringComparer.Ordinal);

    public IReadOnlyCollection<SiteRules> Sites => _bySite.Values;

    public static string Shipped => Path.Combine(AppContext.BaseDirectory, "sites");

    /// <summary>Where the user's own rule files go.</summary>
    public static string OwnFolder(string data) => Path.Combine(data, "sites");

    public static SiteCatalogue Open(string? ownFolder, string? shippedFolder = null)
    {
        SiteCatalogue catalogue = new();
        foreach (var path in Files(shippedFolder ?? Shipped))
            catalogue.Take(path, isOwn: false);
        foreach (var path in ownFolder is null ? [] : Files(ownFolder))
            catalogue.Take(path, isOwn: true);
        return catalogue;
    }

    /// <summary>The rules for an address: the site's own, else those for pages that mark themselves up.</summary>
    public SiteRules? For(Uri url) =>
        _bySite.Values.FirstOrDefault(rules => rules.Covers(url)) ?? _bySite.Values.FirstOrDefault(rules => rules.IsFallback);

    public static IEnumerable<string> Files(string folder) =>
        Directory.Exists(folder) ? Directory.EnumerateFileSystemEntries(folder, "*.json").Order(StringComparer.Ordinal).Take(100) : [];

    private void Take(string path, bool isOwn)
    {
        var name = Path.GetFileName(path);
        try
        {
            var json = ReadWhole(path);
            var rules = SiteRulesFile.Parse(json);
            var problem = isOwn ? Objection(rules) : null;
            if (problem is not null)
            {
                Refused.Add((name, problem));
                return;
            }
            _bySite[rules.Site] = rules;
            if (isOwn)
                Own[name] = (rules.Site, json);
        }
        catch (RuleFileException error)
        {
            Refused.Add((name, error.Message));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Refused.Add((name, error.Message));
        }
    }

    /// <summary>The bytes, read once. A link, a folder or a device is refused before it is opened: those have no length, or lead elsewhere.</summary>
    private static byte[] ReadWhole(string path)
    {
        FileInfo file = new(path);
        if (file.LinkTarget is not null)
            throw new RuleFileException("a link is not followed; put the file itself here", 1);
        if (!file.Exists || file.Attributes.HasFlag(FileAttributes.Directory))
            throw new RuleFileException("this is no file", 1);
        if (file.Length == 0)
            throw new RuleFileException("the file is empty", 1);
        if (file.Length > SiteRulesFile.MaxBytes)
            throw new RuleFileException($"the file is larger than {SiteRulesFile.MaxBytes / 1024} KB", 1);
        return File.ReadAllBytes(path);
    }

    /// <summary>Why a file of the user's is not taken although it is well formed; null when it is.</summary>
    private string? Objection(SiteRules rules)
    {
        if (rules.IsFallback && !_bySite.ContainsKey(rules.Site))
            return "only rules that ship with the program may stand in for every other site";
        if (_bySite.TryGetValue(rules.Site, out var known))
        {
            if (rules.Serial <= known.Serial)
                return $"its serial {rules.Serial} is not newer than {known.Serial}, which is in use";
            if (rules.Hosts.Except(known.Hosts, StringComparer.OrdinalIgnoreCase).FirstOrDefault() is { } host)
                return $"{host} does not belong to {known.Name}";
        }
        var other = _bySite.Values.FirstOrDefault(one => one.Site != rules.Site && one.Hosts.Intersect(rules.Hosts, StringComparer.OrdinalIgnoreCase).Any());
        return other is null ? null : $"its hosts belong to {other.Name}";
    }
}
