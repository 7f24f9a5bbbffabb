using System.Globalization;

namespace Soundings.Storage;

/// <summary>The share the user aims at, as a fraction; null while it was never set.</summary>
internal sealed class GoalStore(Database database)
{
    public double? Read() => database.Read(connection => connection.Scalar<string>("SELECT value FROM meta WHERE name = 'goal'")) is { } text
        && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double goal) ? goal : null;

    /// <summary>Null takes it back.</summary>
    public Task<int> SetAsync(double? goal) => database.WriteAsync(connection => goal is { } share
        ? connection.Execute("INSERT OR REPLACE INTO meta VALUES ('goal', $goal)", ("$goal", share.ToString("R", CultureInfo.InvariantCulture)))
        : connection.Execute("DELETE FROM meta WHERE name = 'goal'"));
}
