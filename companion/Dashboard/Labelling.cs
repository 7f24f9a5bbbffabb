using System.Text.Json;
using Soundings.Api;
using Soundings.Depth;
using Soundings.Storage;
using Soundings.Training;

namespace Soundings.Dashboard;

/// <summary>Stores what the user says of an item on the dashboard, as a label from the extension would be.</summary>
internal sealed class Labelling(LabelStore labels, Learner learner, TimeProvider clock, ILogger<Labelling> log)
{
    private const string Source = "dashboard";

    /// <summary>False: it could not be stored. Null takes the standing label back.</summary>
    public Task<bool> SayAsync(Line line, Verdict? label) => LearnedAsync(async now =>
    {
        if (label is { } verdict) await AddAsync(line.Item, verdict, now);
        else if (labels.StandingOn(line.Item.Site, line.Item.Id) is { } id) await WithdrawAsync(id, now);
    });

    /// <summary>Which of two goes deeper. The label's id, to take it back by; null: it could not be stored.</summary>
    public async Task<string?> SayPairAsync(IReadOnlyList<Item> pair, int deeper)
    {
        string id = "";
        bool kept = await LearnedAsync(now =>
        {
            id = Ulid.New(now);
            string both = JsonSerializer.Serialize(pair, WireJson.Context.IReadOnlyListItem);
            return labels.AddAsync([new NewLabel(id, null, null, null, null, deeper, both, Moment.Format(now), Source, null)], now);
        });
        return kept ? id : null;
    }

    /// <summary>Takes one label back. False: it could not be stored.</summary>
    public Task<bool> WithdrawAsync(string id) => LearnedAsync(now => WithdrawAsync(id, now));

    private Task WithdrawAsync(string id, long now) => labels.WithdrawAsync(id, Ulid.New(now), Source, null, now);

    private async Task<bool> LearnedAsync(Func<long, Task> change)
    {
        try
        {
            await change(clock.GetUtcNow().ToUnixTimeMilliseconds());
            await learner.LearnAsync();
            return true;
        }
        catch (Exception error) when (error is Microsoft.Data.Sqlite.SqliteException or TimeoutException)
        {
            log.LogWarning("A label from the dashboard could not be stored: {Fault}", error.Message);
            return false;
        }
    }

    private Task AddAsync(Item item, Verdict verdict, long now) => labels.AddAsync(
        [new NewLabel(Ulid.New(now), item.Site, item.Id, verdict, null, null, JsonSerializer.Serialize(item, WireJson.Context.Item), Moment.Format(now), Source, null)],
        now);
}
