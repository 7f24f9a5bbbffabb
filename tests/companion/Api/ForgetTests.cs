using System.Text;
using Soundings.Api;
using Soundings.Depth;
using Soundings.Storage;
using Soundings.Training;

namespace Soundings.Tests.Api;

/// <summary>What was forgotten is gone: from the answers, from the models, and from every byte of the data folder.</summary>
public class ForgetTests
{
    private const string Canary = "Quillwort", Name = "Xanthe Brindlecombe";
    private static readonly Author Person = new(Name, "https://l.example/in/xanthe-brindlecombe");

    [Fact]
    public async Task A_forgotten_person_is_in_no_file_of_the_folder()
    {
        using TestFolder folder = new();
        await using TestCompanion companion = await TestCompanion.StartAsync(folder);
        string cli = companion.Token(Scopes.Cli);
        await ObserveAsync(companion,
            new Item("p1", Kind.Post, $"{Canary} one: we cut our costs in 2021, and this is what broke first.") { Site = "linkedin", Author = Person },
            new Item("c1", Kind.Comment, "Which of them broke first, and at how many orders?") { Site = "linkedin", Author = new("Ada Bell"), Parent = $"{Canary} one: we cut our costs in 2021, and this is what broke first.", ParentId = "p1" },
            new Item("c2", Kind.Comment, $"{Canary} two") { Site = "linkedin", Author = Person });
        await LabelAsync(companion, cli, new Item("p1", Kind.Post, $"{Canary} one") { Site = "linkedin", Author = Person });
        await LabelAsync(companion, cli, new Item("c1", Kind.Comment, "Which of them broke first, and at how many orders?") { Site = "linkedin", Author = new("Ada Bell"), Parent = $"{Canary} one: we cut our costs in 2021, and this is what broke first.", ParentId = "p1" });
        await LabelAsync(companion, cli, new Item("unseen", Kind.Comment, $"{Canary} three, labelled but never observed") { Site = "linkedin", Author = Person });
        await companion.PostAsync("/api/v1/exempt", cli, new { what = "person", site = "linkedin", name = Name, url = Person.Url });
        DataFolder.CreateFolder(Path.Combine(folder.Path, "models", "training"));
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "models", "training", "own.jsonl"), Canary);
        await companion.Get<Learner>().WrittenAsync();
        Assert.NotNull(companion.Get<Backups>().MakeIfDue(companion.Clock.GetUtcNow().AddDays(-3)));
        Assert.NotEmpty(FilesWith(folder.Path, Canary));
        Assert.NotEmpty(FilesWith(folder.Path, Name));
        string[] heads = [.. companion.Get<ModelCatalogue>().Versions];
        Assert.True(heads.Length > 1);

        long person = (long)(await companion.GetAsync("/api/v1/people", cli)).Json!["people"]!.AsArray().Single(p => (string?)p!["name"] == Name)!["id"]!;
        Answer preview = await companion.PostAsync("/api/v1/forget", cli, new { person, preview = true });
        Assert.Equal((2, 2, 1, 1), ((int)preview.Json!["items"]!, (int)preview.Json["labels"]!, (int)preview.Json["people"]!, (int)preview.Json["exempt"]!));
        Assert.Equal(3, companion.Get<LabelStore>().Count());

        Answer done = await companion.PostAsync("/api/v1/forget", cli, new { person });
        Assert.Equal(200, done.Status);
        Assert.True((bool)done.Json!["forgotten"]! && (bool)done.Json["erased"]!);
        foreach (string count in (string[])["items", "texts", "labels", "people", "exempt"]) Assert.Equal((int)preview.Json[count]!, (int)done.Json[count]!);
        Assert.Empty(FilesWith(folder.Path, Canary));
        Assert.Empty(FilesWith(folder.Path, Name));

        // Packed as they are, copies hide it from this search: none made before is left.
        Assert.Empty(Backups.All(folder.Data));

        // The answer to it stays, with its label and without what it answered; what was learned of the rest is learned anew.
        Assert.Equal(["c1"], await IdsAsync(companion, cli));
        StoredLabel left = Assert.Single(companion.Get<LabelStore>().Current());
        Assert.Contains("Which of them broke first", left.Content, StringComparison.Ordinal);
        Assert.Empty(companion.Get<ModelCatalogue>().Versions.Except([StarterModel.Version, companion.Get<ActiveModel>().Current.Version]));
        Assert.DoesNotContain(companion.Get<ActiveModel>().Current.Version, heads);
    }

    [Fact]
    public async Task A_day_a_site_and_an_item_are_forgotten_and_their_neighbours_stay()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        string cli = companion.Token(Scopes.Cli);
        await ObserveAsync(companion,
            new Item("a", Kind.Comment, "shared words") { Site = "linkedin", At = "2026-11-20T23:59:59Z" },
            new Item("b", Kind.Comment, "shared words") { Site = "linkedin", At = "2026-11-21T00:00:00Z" },
            new Item("c", Kind.Comment, "other words") { Site = "linkedin", At = "2026-11-21T10:00:00Z" },
            new Item("d", Kind.Comment, "third words") { Site = "facebook", At = "2026-11-22T00:00:00Z" },
            new Item("e", Kind.Comment, "fourth words") { Site = "facebook", At = "2026-11-22T01:00:00Z" });
        Answer day = await companion.PostAsync("/api/v1/forget", cli, new { day = "2026-11-21" });
        Assert.Equal((2, 1), ((int)day.Json!["items"]!, (int)day.Json["texts"]!));
        Assert.Equal(["a", "d", "e"], await IdsAsync(companion, cli));
        await companion.PostAsync("/api/v1/forget", cli, new { site = "facebook", id = "d" });
        Assert.Equal(["a", "e"], await IdsAsync(companion, cli));
        await companion.PostAsync("/api/v1/forget", cli, new { site = "facebook" });
        Assert.Equal(["a"], await IdsAsync(companion, cli));
        await companion.PostAsync("/api/v1/forget", cli, new { all = true });
        Assert.Empty(await IdsAsync(companion, cli));
        Assert.Equal(0, companion.Get<Database>().Read(connection => connection.Scalar<long>("SELECT (SELECT count(*) FROM texts) + (SELECT count(*) FROM people)")));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"all":true,"site":"linkedin"}""")]
    [InlineData("""{"day":"yesterday"}""")]
    [InlineData("""{"id":"x"}""")]
    [InlineData("""{"from":"2026-11-22","to":"2026-11-21"}""")]
    public async Task A_wish_that_says_nothing_or_too_much_is_refused_and_nothing_goes(string body)
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        await ObserveAsync(companion, new Item("a", Kind.Comment, "words") { Site = "linkedin" });
        Assert.Equal(422, (await companion.PostAsync("/api/v1/forget", companion.Token(Scopes.Cli), body)).Status);
        Assert.Equal(403, (await companion.PostAsync("/api/v1/forget", companion.Token(Scopes.Ext), """{"all":true}""")).Status);
        Assert.Equal(["a"], await IdsAsync(companion, companion.Token(Scopes.Cli)));
    }

    [Fact]
    public async Task A_companion_killed_in_the_middle_of_forgetting_finishes_it_at_its_next_start()
    {
        using TestFolder folder = new();
        await using (TestCompanion companion = await TestCompanion.StartAsync(folder))
        {
            string cli = companion.Token(Scopes.Cli);
            await ObserveAsync(companion, new Item("p1", Kind.Post, $"{Canary} one {new string('x', 9000)}") { Site = "linkedin", Author = Person });
            await LabelAsync(companion, cli, new Item("p1", Kind.Post, $"{Canary} one") { Site = "linkedin", Author = Person });
            await companion.Get<Learner>().WrittenAsync();
            // The rows are gone, and then the power is.
            await companion.Get<ForgetStore>().ForgetAsync(new ForgetWish { All = true });
            Assert.Equal(ForgetStore.OwesModels, companion.Get<ForgetStore>().Owed());
        }
        await using TestCompanion next = await TestCompanion.StartAsync(folder);
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(60));
        while (next.Get<ForgetStore>().Owed() is not null) await Task.Delay(20, limit.Token);
        Assert.Empty(FilesWith(folder.Path, Canary));
        Assert.Equal([StarterModel.Version], next.Get<ModelCatalogue>().Versions);
    }

    private static async Task<List<string>> IdsAsync(TestCompanion companion, string token) =>
        [.. (await companion.GetAsync("/api/v1/items", token)).Json!["items"]!.AsArray().Select(item => (string)item!["id"]!).Order(StringComparer.Ordinal)];

    private static async Task LabelAsync(TestCompanion companion, string token, Item item)
    {
        var label = new { id = Ulid.New(companion.Clock.GetUtcNow().ToUnixTimeMilliseconds()), label = "substantive", item = new { id = item.Id, kind = item.Kind.ToString().ToLowerInvariant(), text = item.Text, site = item.Site, parent = item.Parent, parentId = item.ParentId, author = new { name = item.Author!.Name, url = item.Author.Url } } };
        Assert.Equal(200, (await companion.PostAsync("/api/v1/labels", token, new { labels = new[] { label } })).Status);
    }

    private static async Task ObserveAsync(TestCompanion companion, params Item[] items) => await companion.Get<ItemStore>().ObserveAsync(
        items, companion.Get<ActiveModel>().Current.Score(items), companion.Clock.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>The files that hold the words as bytes. The lock holds none, and lets nobody read it.</summary>
    private static List<string> FilesWith(string folder, string words)
    {
        byte[] sought = Encoding.UTF8.GetBytes(words), lower = Encoding.UTF8.GetBytes(words.ToLowerInvariant());
        List<string> found = [];
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "lock"))
        {
            using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using MemoryStream content = new();
            stream.CopyTo(content);
            if (content.ToArray().AsSpan() is var bytes && (bytes.IndexOf(sought) >= 0 || bytes.IndexOf(lower) >= 0)) found.Add(file);
        }
        return found;
    }
}
