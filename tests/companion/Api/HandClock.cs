namespace Soundings.Tests.Api;

/// <summary>A clock that moves only when told to; wall time and monotonic time move apart when a test sets the wall clock.</summary>
public sealed class HandClock : TimeProvider
{
    private long _ticks = 1_000_000;
    private DateTimeOffset _wall = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);

    public TimeZoneInfo Zone { get; set; } = TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;
    public override TimeZoneInfo LocalTimeZone => Zone;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override DateTimeOffset GetUtcNow() => _wall;

    public void Pass(TimeSpan time)
    {
        Interlocked.Add(ref _ticks, time.Ticks);
        _wall += time;
    }

    public void SetWall(DateTimeOffset time) => _wall = time;
}
