using Microsoft.Data.Sqlite;

namespace Soundings.Storage;

/// <summary>
/// How long texts are kept, as the user chose: so many days for others' (from when they were last seen), always, or never any text at all, not
/// even one's own. What was labelled keeps its text in any case, until the label is withdrawn.
/// </summary>
internal enum Keeping
{
    Week,
    Month,
    Quarter,
    Always,
    Never,
}

/// <summary>What the user chose to keep, and until when nothing is taken in at all. Asked at every request, so both are kept at hand.</summary>
internal sealed class KeepingStore
{
    private readonly Database _database;
    private volatile Choice _choice;

    /// <summary>In milliseconds since 1970; <see cref="long.MaxValue"/> until somebody resumes.</summary>
    private sealed record Choice(Keeping Keeping, long PausedUntil);

    public KeepingStore(Database database)
    {
        _database = database;
        _choice = database.Read(connection => new Choice(
            Of(connection), long.TryParse(connection.Scalar<string>("SELECT value FROM meta WHERE name = 'pausedUntil'"), out long until) ? until : 0));
    }

    public Keeping Keeping => _choice.Keeping;

    /// <summary>Until when nothing is judged for a browser, nor stored; null: all runs.</summary>
    public DateTimeOffset? PausedUntil(DateTimeOffset now) =>
        _choice.PausedUntil <= now.ToUnixTimeMilliseconds() ? null : _choice.PausedUntil == long.MaxValue ? DateTimeOffset.MaxValue : Moment.From(_choice.PausedUntil);

    public async Task KeepAsync(Keeping keeping)
    {
        await WriteAsync("keeping", keeping.ToString());
        _choice = _choice with { Keeping = keeping };
    }

    /// <summary><see cref="DateTimeOffset.MaxValue"/>: until resumed; null resumes.</summary>
    public async Task PauseAsync(DateTimeOffset? until)
    {
        long moment = until is not { } end ? 0 : end == DateTimeOffset.MaxValue ? long.MaxValue : end.ToUnixTimeMilliseconds();
        await WriteAsync("pausedUntil", moment.ToString(System.Globalization.CultureInfo.InvariantCulture));
        _choice = _choice with { PausedUntil = moment };
    }

    /// <summary>A month, until another was chosen.</summary>
    public static Keeping Of(SqliteConnection connection) =>
        Enum.TryParse(connection.Scalar<string>("SELECT value FROM meta WHERE name = 'keeping'"), out Keeping keeping) ? keeping : Keeping.Month;

    private Task<int> WriteAsync(string name, string value) => _database.WriteAsync(connection => connection.Execute(
        "INSERT OR REPLACE INTO meta VALUES ($name, $value)", ("$name", name), ("$value", value)));
}
