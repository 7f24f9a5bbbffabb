using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Soundings.Dashboard;
using Soundings.Depth;
using Soundings.Storage;
using Soundings.Training;

namespace Soundings.Cli;

/// <summary>How the store does when it is large: fills a folder with invented items over a year, and measures what the dashboard asks of it.</summary>
internal sealed class StoreBench(DataFolder folder, IReadOnlyList<Example> corpus)
{
    private const int Batch = 500, People = 20_000, Rounds = 20;
    private static readonly string[] Vowels = ["a", "e", "i", "o", "u", "ai", "ou"], Consonants = ["b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "st", "tr"];
    private readonly Random _random = new(20261122);
    private readonly string[] _words = [.. corpus.SelectMany(example => example.Item.Text.Split(' ')).Where(word => word.Length > 0)];

    /// <summary>The figures as a JSON object; milliseconds unless a name says otherwise. <c>cpu</c> is the mean, which other load on the machine changes least.</summary>
    public async Task<JsonObject> RunAsync(int count)
    {
        await using OfflineCompanion companion = new(folder);
        Database database = companion.Get<Database>();
        await RollUp.FollowAsync(database, TimeZoneInfo.Local);
        long now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        JsonObject figures = new() { ["items"] = count };
        long text = 0, have = companion.Get<FootprintStore>().Read().Items;
        List<double> perItem = [];
        for (long done = have; done < count; done += Batch)
        {
            Item[] items = [.. Enumerable.Range(0, (int)Math.Min(Batch, count - done)).Select(i => Invent(done + i, now))];
            Score[] scores = [.. items.Select(Judge)];
            TimeSpan start = Environment.CpuUsage.TotalTime;
            await companion.Get<ItemStore>().ObserveAsync(items, scores, now);
            perItem.Add((Environment.CpuUsage.TotalTime - start).TotalMicroseconds / items.Length);
            text += items.Sum(item => System.Text.Encoding.UTF8.GetByteCount(item.Text));
        }
        if (perItem.Count > 9)
        {
            int tenth = perItem.Count / 10;
            figures["insertFirstTenthCpuMicroseconds"] = Math.Round(perItem.Take(tenth).Average(), 1);
            figures["insertLastTenthCpuMicroseconds"] = Math.Round(perItem.TakeLast(tenth).Average(), 1);
        }
        await database.CompactAsync();
        long stored = database.Read(connection => connection.Scalar<long>("SELECT sum(octet_length(body)) FROM texts"));
        figures["bytesPerItemBeyondText"] = Math.Round((new FileInfo(folder.DatabaseFile).Length - stored) / (double)count);
        StatsStore stats = companion.Get<StatsStore>();
        ItemPages pages = companion.Get<ItemPages>();
        long yearAgo = now - 365L * LocalTime.DayMs;
        figures["statsOfYear"] = Measure(_ => stats.Read(yearAgo, null, StarterModel.Version, TimeZoneInfo.Local));
        figures["overview"] = Measure(_ => companion.Get<DashboardData>().Overview());
        figures["footer"] = Measure(_ => companion.Get<DashboardData>().Health());
        string[] common = [.. _words.GroupBy(word => word.ToLowerInvariant()).OrderByDescending(group => group.Count()).Select(group => group.Key).Where(word => word.All(char.IsLetter)).Take(400)];
        ItemFilter[] filters =
        [
            new() { Words = common[0] }, new() { Words = common[0], Verdict = Verdict.Unsure, Mine = true }, new() { Words = common[3] + " " + common[7] },
            new() { Words = common[40], Site = "facebook", Sort = ItemSort.Deepest }, new() { Words = common[120] }, new() { Words = common[399], Facet = Facet.Wisdom },
            new() { Words = "z" }, new() { Words = "co" }, new() { Words = "comp", Kind = Kind.Reply }, new() { Words = "\"" + common[1] + " " + common[2] + "\"" }, new() { Words = "nowhereatall" },
            new() { Verdict = Verdict.Superficial, Sort = ItemSort.Deepest }, new() { Mine = true, Verdict = Verdict.Unsure, Sort = ItemSort.Oldest }, new() { Facet = Facet.Solicit, Site = "facebook" },
            new() { Person = 17, Sort = ItemSort.Deepest }, new() { Labelled = true }, new() { Labelled = false, Kind = Kind.Post }, new() { Model = "none" }, new() { Words = common[2], Person = 17 },
        ];
        JsonObject each = [];
        foreach (ItemFilter filter in filters) each[Name(filter)] = Measure(_ => pages.Read(filter, null, 50));
        figures["searches"] = each;
        figures["searchP95"] = each.Select(pair => (double)pair.Value!["p95"]!).Order().ElementAt((int)(filters.Length * 0.95));
        return figures;
    }

    private static string Name(ItemFilter filter) => string.Join(' ', filter.ToString().Trim('{', '}').Replace("ItemFilter {", "", StringComparison.Ordinal).Split(", ")
        .Where(part => part.Split(" = ") is [_, { Length: > 0 } value] && value != "Newest" && !part.Contains("ByDepth") && !part.Contains("Ascending") && !part.Contains("Match")).Select(part => part.Trim()));

    private static JsonObject Measure(Action<int> work)
    {
        double[] times = new double[Rounds];
        TimeSpan before = Environment.CpuUsage.TotalTime;
        for (int i = 0; i < Rounds; i++)
        {
            long start = Stopwatch.GetTimestamp();
            work(i);
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
        double cpu = (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / Rounds;
        Array.Sort(times);
        return new JsonObject { ["cpu"] = Math.Round(cpu, 1), ["p50"] = Math.Round(times[Rounds / 2], 1), ["p95"] = Math.Round(times[Rounds * 95 / 100 - 1], 1) };
    }

    /// <summary>Words as they come in the corpus, so that some are in a third of all texts, and a made-up one, so that most are rare.</summary>
    private Item Invent(long number, long now)
    {
        int length = 4 + (int)(40 * _random.NextDouble() * _random.NextDouble());
        string text = string.Join(' ', Enumerable.Range(0, length).Select(_ => _words[_random.Next(_words.Length)])) + " " + MadeUp() + MadeUp() + MadeUp();
        bool post = number % 20 == 0;
        return new Item(string.Create(CultureInfo.InvariantCulture, $"urn:li:{(post ? "activity" : "comment")}:{7_000_000_000_000_000_000 + number}"), post ? Kind.Post : number % 3 == 0 ? Kind.Reply : Kind.Comment, text)
        {
            Site = number % 3 == 0 ? "facebook" : "linkedin",
            Mine = number % 25 == 1,
            Author = new Author($"Person {number * 7919 % People}", $"https://www.linkedin.com/in/person-{number * 7919 % People}"),
            At = Moment.Format(now - 365L * LocalTime.DayMs + (long)(365L * LocalTime.DayMs * _random.NextDouble())),
        };
    }

    private string MadeUp() => Consonants[_random.Next(Consonants.Length)] + Vowels[_random.Next(Vowels.Length)];

    private Score Judge(Item item)
    {
        double p = _random.NextDouble();
        return new Score(item.Id, (int)Math.Round(100 * p), p, p > 0.6 ? Verdict.Substantive : p > 0.4 ? Verdict.Unsure : Verdict.Superficial,
            new Facets(_random.NextDouble() * 0.6, _random.NextDouble(), _random.NextDouble() * 0.55, _random.NextDouble()), [], "en", StarterModel.Version);
    }
}
