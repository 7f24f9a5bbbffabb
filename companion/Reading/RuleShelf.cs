using System.Security.Cryptography;
using System.Text;

namespace Soundings.Reading;

/// <summary>The user's rule files at one moment. <c>Own</c>: a site's name and its file's bytes; <c>Version</c> changes with any of it.</summary>
internal sealed record Shelf(string Version, IReadOnlyDictionary<string, byte[]> Own, IReadOnlyList<(string File, string Reason)> Refused);

/// <summary>
/// The user's rule files as they stand now: read again when anything in their folder changed, so that a file counts as soon as it is dropped there.
/// A file that turns bad is refused, and what it last said that was good stays in use.
/// </summary>
internal sealed class RuleShelf(string ownFolder, string? shippedFolder = null)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (string Site, byte[] Json)> _lastGood = new(StringComparer.Ordinal);
    private string? _stamp;
    private Shelf _shelf = new("", new Dictionary<string, byte[]>(), []);

    public Shelf Now()
    {
        lock (_lock)
        {
            string stamp = Stamp();
            if (stamp != _stamp)
            {
                _shelf = Read();
                _stamp = stamp;
            }
            return _shelf;
        }
    }

    private Shelf Read()
    {
        var catalogue = SiteCatalogue.Open(ownFolder, shippedFolder);
        foreach (var gone in _lastGood.Keys.Except(catalogue.Own.Keys).Except(catalogue.Refused.Select(one => one.File)).ToList())
            _lastGood.Remove(gone);
        foreach (var (file, rules) in catalogue.Own)
            _lastGood[file] = rules;
        Dictionary<string, byte[]> own = new(StringComparer.Ordinal);
        foreach (var (site, json) in _lastGood.Values)
            own[site] = json;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (site, json) in own.OrderBy(one => one.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(site));
            hash.AppendData(json);
        }
        foreach (var (file, reason) in catalogue.Refused)
            hash.AppendData(Encoding.UTF8.GetBytes($"{file}\n{reason}\n"));
        return new Shelf(Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8)), own, catalogue.Refused);
    }

    private string Stamp() => string.Join('\n', SiteCatalogue.Files(ownFolder).Select(path =>
    {
        FileInfo file = new(path);
        return $"{file.Name} {(file.Exists ? file.Length : -1)} {file.LastWriteTimeUtc.Ticks}";
    }));
}
