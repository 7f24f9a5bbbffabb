using System.Text.Json;
using Soundings.Api;
using Soundings.Depth;
using Soundings.Storage;
using Soundings.Training;

namespace Soundings.Dashboard;

/// <summary>What takes several labels back again: those that were said, and those that were taken away.</summary>
public sealed class LabelUndo
{
    internal LabelUndo(IReadOnlyList<string> said, IReadOnlyList<StoredLabel> withdrawn) => (Said, Withdrawn) = (said, withdrawn);

    internal IReadOnlyList<string> Said { get; }
    internal IReadOnlyList<StoredLabel> Withdrawn { get; }
}

/// <summary>Stores what the user says of items on the dashboard, as labels from the extension would be.</summary>
internal sealed class Labelling(LabelStore labels, Learner learner, TimeProvider clock, ILogger<Labelling> log)
{
    private const string Source = "dashboard";

    /// <summary>False: it could not be stored. Null takes the standing label back.</summary>
    public async Task<bool> SayAsync(Line line, Verdict? label) => await SayAllAsync([line], label) is not null;

    /// <summary>The same of several; null: it could not be stored. Null as the label takes all away that was said of them.</summary>
    public Task<LabelUndo?> SayAllAsync(IReadOnlyList<Line> lines, Verdict? label) => TryAsync(async now =>
    {
        if (label is { } verdict)
        {
            NewLabel[] said = [.. lines.Select(line => New(line.Item, verdict, null, now))];
            await labels.AddAsync(said, now);
            return new LabelUndo([.. said.Select(one => one.Id)], []);
        }
        List<StoredLabel> withdrawn = [];
        Dictionary<string, StoredLabel> standing = labels.Current().ToDictionary(one => one.Id);
        foreach (Line line in lines)
        {
            // Under a label that goes stands the one before it, if there was one: all of them go.
            for (bool first = true; labels.StandingOn(line.Item.Site, line.Item.Id) is { } id; first = false)
            {
                if (first && standing.TryGetValue(id, out StoredLabel? one)) withdrawn.Add(one);
                await labels.WithdrawAsync(id, Ulid.New(now), Source, null, now);
            }
        }
        return new LabelUndo([], withdrawn);
    });

    /// <summary>Everything stands again as it stood before; false: it could not be stored.</summary>
    public async Task<bool> UndoAsync(LabelUndo undo) => await TryAsync(async now =>
    {
        foreach (string id in undo.Said) await labels.WithdrawAsync(id, Ulid.New(now), Source, null, now);
        await labels.AddAsync([.. undo.Withdrawn.Select(one => New(JsonSerializer.Deserialize(one.Content, WireJson.Context.Item)!, one.Label!.Value, one.Facets, now))], now);
        return undo;
    }) is not null;

    /// <summary>Which of two goes deeper. The label's id, to take it back by; null: it could not be stored.</summary>
    public async Task<string?> SayPairAsync(IReadOnlyList<Item> pair, int deeper) => (await TryAsync(async now =>
    {
        string id = Ulid.New(now), both = JsonSerializer.Serialize(pair, WireJson.Context.IReadOnlyListItem);
        await labels.AddAsync([new NewLabel(id, null, null, null, null, deeper, both, Moment.Format(now), Source, null)], now);
        return new LabelUndo([id], []);
    }))?.Said[0];

    /// <summary>Takes one label back. False: it could not be stored.</summary>
    public Task<bool> WithdrawAsync(string id) => UndoAsync(new LabelUndo([id], []));

    private async Task<LabelUndo?> TryAsync(Func<long, Task<LabelUndo>> work)
    {
        try
        {
            LabelUndo undo = await work(clock.GetUtcNow().ToUnixTimeMilliseconds());
            await learner.LearnAsync();
            return undo;
        }
        catch (Exception error) when (error is Microsoft.Data.Sqlite.SqliteException or TimeoutException)
        {
            log.LogWarning("A label from the dashboard could not be stored: {Fault}", error.Message);
            return null;
        }
    }

    // A site that is not known is stored as "": the same for the label as for the item.
    private static NewLabel New(Item item, Verdict verdict, Facet? facets, long now) => new(
        Ulid.New(now), item.Site ?? "", item.Id, verdict, facets, null, JsonSerializer.Serialize(item, WireJson.Context.Item), Moment.Format(now), Source, null);
}
