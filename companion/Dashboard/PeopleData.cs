using Microsoft.Data.Sqlite;
using Soundings.Api;
using Soundings.Depth;
using Soundings.Storage;

namespace Soundings.Dashboard;

/// <summary>A conversation to return to as the list shows it: whom it is with, their text, why, and where it stands on its site.</summary>
internal sealed record ReturnLine(long Row, long Human, string Name, Line Line, Why Why, string? Address);

/// <summary>What the pages on people show and do: with whom one exchanges texts, and what is worth returning to.</summary>
internal sealed class PeopleData(
    BondStore bonds, ExchangeStore exchanges, ItemPages items, ExemptStore exempt, Forgetter forgetter, DashboardData data, ActiveModel active,
    TimeProvider clock, ILogger<PeopleData> log)
{
    /// <summary>How long "not now" lasts.</summary>
    public static readonly TimeSpan NotNow = TimeSpan.FromDays(7);

    private DateOnly Today => DateOnly.FromDateTime(data.Now.DateTime);

    public async Task<(IReadOnlyList<Acquaintance> People, int All)> ListAsync(string? search, BondOrder order, int skip, int take)
    {
        await bonds.RefreshAsync(active.Current.Version);
        (IReadOnlyList<Bond> some, int all) = bonds.List(search, order, skip, take);
        return (View(some), all);
    }

    /// <summary>Null: nothing was exchanged with them.</summary>
    public async Task<Acquaintance?> FindAsync(long human)
    {
        await bonds.RefreshAsync(active.Current.Version);
        return bonds.Find(human) is { } bond ? View([bond])[0] : null;
    }

    public IReadOnlyList<Profile> Profiles(long human) => bonds.Profiles(human);

    /// <summary>The newest exchanges with a human by conversation, the latest conversation first; and whether there are older ones.</summary>
    public (IReadOnlyList<Conversation> Conversations, bool More) Conversations(long human, int take)
    {
        List<ExchangeRow> rows = [.. exchanges.Read(human, 0, take + 1)];
        bool more = rows.Count > take;
        if (more) rows.RemoveAt(take);
        IEnumerable<long> wanted = rows.Select(row => row.Row).Union(rows.Select(row => row.Top));
        Dictionary<long, Line> lines = items.Read(wanted).ToDictionary(stored => stored.Row, data.ToLine);
        return (
        [
            .. rows.Where(row => lines.ContainsKey(row.Row)).GroupBy(row => row.Conversation)
                .Select(group => new Conversation(
                    group.Key, group.Any(row => row.Row == row.Top) ? null : lines.GetValueOrDefault(group.First().Top),
                    [.. group.Reverse().Select(row => lines[row.Row])])),
        ], more);
    }

    public IReadOnlyList<ReturnLine> Returns()
    {
        DateTimeOffset now = clock.GetUtcNow();
        IReadOnlyList<Return> chosen = Dashboard.Returns.Choose(exchanges.Recent((now - Dashboard.Returns.Oldest).ToUnixTimeMilliseconds()), now);
        if (chosen.Count == 0) return [];
        Dictionary<long, StoredItem> stored = items.Read(chosen.Select(one => one.Text.Row)).ToDictionary(item => item.Row);
        return
        [
            .. chosen.Where(one => stored.ContainsKey(one.Text.Row))
                .Select(one => (one.Why, one.Text.Human, Line: data.ToLine(stored[one.Text.Row]), one.Text.Row))
                .Where(one => !exempt.Covers(one.Line.Item))
                .Select(one => new ReturnLine(one.Row, one.Human, NameOf(one.Human), one.Line, one.Why, PageAddress.Of(one.Line.Item))),
        ];
    }

    public Task<bool> DoneAsync(long row) => TryAsync(() => exchanges.PutOffAsync(row, null));

    public Task<bool> PutOffAsync(long row) => TryAsync(() => exchanges.PutOffAsync(row, (clock.GetUtcNow() + NotNow).ToUnixTimeMilliseconds()));

    public Task<bool> TakeBackAsync(long row) => TryAsync(() => exchanges.TakeBackAsync(row));

    public Task<bool> RenameAsync(long human, string? name) => TryAsync(() => bonds.RenameAsync(human, name));

    /// <summary>The profiles that stood under the other, to undo it with; null: it could not be stored.</summary>
    public async Task<IReadOnlyList<long>?> MergeAsync(long human, long other)
    {
        IReadOnlyList<long>? moved = null;
        await TryAsync(async () => moved = await bonds.MergeAsync(human, other));
        return moved;
    }

    public Task<bool> SeparateAsync(IReadOnlyList<long> profiles) => TryAsync(() => bonds.SeparateAsync(profiles));

    /// <summary>Whether a human is to be judged from now on: all of their profiles, or none.</summary>
    public Task<bool> ExemptAsync(long human, bool isExempt) => TryAsync(async () =>
    {
        foreach (Profile profile in bonds.Profiles(human))
        {
            if (isExempt) await exempt.AddAsync("person", profile.Site, new Author(profile.Name, profile.Url), clock.GetUtcNow().ToUnixTimeMilliseconds());
            else if (EntryOf(profile) is { } entry) await exempt.RemoveAsync(entry.Id);
        }
        return true;
    });

    /// <summary>What would go with a human: all their profiles, and what they wrote.</summary>
    public ForgetCounts WouldForget(long human) => forgetter.Preview(Wish(human));

    /// <summary>For good. Null: it is done; else why it is not, or not yet in every byte.</summary>
    public async Task<string?> ForgetAsync(long human)
    {
        try
        {
            return (await forgetter.ForgetAsync(Wish(human))).Why;
        }
        catch (Exception error) when (error is MendableError or SqliteException or TimeoutException)
        {
            return error.Message;
        }
    }

    private ForgetWish Wish(long human) => new() { People = [.. bonds.Profiles(human).Select(profile => profile.Person)] };

    private IReadOnlyList<Acquaintance> View(IReadOnlyList<Bond> some)
    {
        ILookup<long, BondMonth> months = bonds
            .Months([.. some.Select(bond => bond.Human)], data.StartOf(Acquaintance.FirstMonth(Today)), active.Current.Version, clock.LocalTimeZone)
            .ToLookup(month => month.Human);
        return [.. some.Select(bond => new Acquaintance(bond, months[bond.Human], Today, IsExempt(bond.Human)))];
    }

    private bool IsExempt(long human) => exempt.All().Count > 0 && bonds.Profiles(human).Any(profile => EntryOf(profile) is not null);

    private string NameOf(long human) => bonds.Profiles(human) is [var first, ..] ? first.Alias ?? first.Name : "";

    private Exempt? EntryOf(Profile profile) =>
        exempt.All().FirstOrDefault(entry => entry.What == "person" && entry.Site == profile.Site && entry.Handle == profile.Handle);

    private async Task<bool> TryAsync<T>(Func<Task<T>> write)
    {
        try
        {
            await write();
            return true;
        }
        catch (Exception error) when (error is SqliteException or TimeoutException or ArgumentException)
        {
            log.LogWarning("A change on the pages on people could not be stored: {Fault}", error.Message);
            return false;
        }
    }
}
