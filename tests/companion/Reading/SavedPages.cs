using System.Text.Json;

namespace Soundings.Tests.Reading;

/// <summary>The saved pages of tests/replicas and what a reader should get from them.</summary>
internal sealed record SavedPage(string Name, Uri Url, string Site, string Path, IReadOnlyList<JsonElement> Expected)
{
    public static string Root { get; } = FindRoot();

    public static IEnumerable<SavedPage> All() => new[] { "tests/replicas", "tests/replicas/variants" }.SelectMany(folder =>
    {
        var path = System.IO.Path.Combine(Root, folder);
        var manifest = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(File.ReadAllText(System.IO.Path.Combine(path, "manifest.json")))!;
        return manifest.Select(page => new SavedPage(
            page.Key,
            new Uri(page.Value.GetProperty("url").GetString()!),
            page.Value.TryGetProperty("site", out var site) ? site.GetString()! : page.Key.Split('-')[0],
            System.IO.Path.Combine(path, page.Key + ".html"),
            JsonSerializer.Deserialize<List<JsonElement>>(File.ReadAllText(System.IO.Path.Combine(path, page.Key + ".expected.json")))!));
    });

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(System.IO.Path.Combine(folder.FullName, "Companion.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside the repository.");
        return folder.FullName;
    }
}
