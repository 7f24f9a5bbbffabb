using System.Globalization;
using Soundings.Depth;
using Soundings.Storage;
using Soundings.Tests.Api;

namespace Soundings.Tests.Durability;

/// <summary>A data folder with something in it that one would miss.</summary>
internal static class Filled
{
    public static readonly DateTimeOffset Now = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);

    /// <summary>The id of the <paramref name="n"/>th label.</summary>
    public static string LabelId(int n) => "01JD9ZK7Q8W3V5X2Y4" + n.ToString("D8", CultureInfo.InvariantCulture);

    public static NewLabel Label(int n, string? id = null) =>
        new(id ?? LabelId(n), "linkedin", $"item{n}", n % 2 == 0 ? Verdict.Substantive : Verdict.Superficial, null, null, $$"""{"id":"item{{n}}","site":"linkedin","kind":"comment","text":"what was said, number {{n}}"}""", null, "click", null);

    public static async Task AddAsync(Vault vault, int labels, int items, int from = 0)
    {
        long now = Now.ToUnixTimeMilliseconds();
        Item[] seen = [.. Enumerable.Range(from, items).Select(n => new Item($"item{n}", Kind.Comment, $"what was said, number {n}, at some length so that pages fill: {new string('x', 200)}") { Site = "linkedin", Parent = $"post {n / 10}", Author = new Author($"Person {n % 7}", null) })];
        await new ItemStore(vault.Database).ObserveAsync(seen, [.. seen.Select(item => new Score(item.Id, 50, 0.5, Verdict.Unsure, new Facets(0.1, 0.2, 0.3, 0.4), [], "en", "1"))], now);
        await new LabelStore(vault.Database).AddAsync([.. Enumerable.Range(from, labels).Select(n => Label(n))], now);
    }

    /// <summary>A closed folder of its own with so many labels and items, a model's files and a rule file.</summary>
    public static async Task<TestFolder> FolderAsync(int labels = 40, int items = 200)
    {
        TestFolder folder = new();
        using (Vault vault = Vault.Open(folder.Data)) await AddAsync(vault, labels, items);
        DataFolder.CreateFolder(folder.Data.ModelsFolder);
        DataFolder.WriteFile(Path.Combine(folder.Data.ModelsFolder, "active"), "1"u8);
        DataFolder.CreateFolder(Path.Combine(folder.Path, "sites"));
        DataFolder.WriteFile(Path.Combine(folder.Path, "sites", "own.json"), "{}"u8);
        return folder;
    }

    public static IReadOnlyList<string> LabelsOf(Vault vault) => [.. new LabelStore(vault.Database).Current().Select(label => label.Id)];

    public static long ItemsOf(Vault vault) => vault.Database.Read(connection => connection.Scalar<long>("SELECT count(*) FROM items"));

    public static string IntegrityOf(Vault vault) => vault.Database.Read(connection => connection.Scalar<string>("PRAGMA integrity_check(1)"))!;
}
