namespace Soundings.Pairing;

/// <summary>A token bucket: so many requests at once, so many a second after. Monotonic time comes in by the call.</summary>
internal sealed class Budget(double perSecond, int burst, long frequency)
{
    private readonly Lock _gate = new();
    private double _left = burst;
    private long _last = long.MinValue;

    public bool TryTake(long now, out TimeSpan wait)
    {
        lock (_gate)
        {
            if (_last != long.MinValue) _left = Math.Min(burst, _left + perSecond * (now - _last) / frequency);
            _last = now;
            if (_left >= 1)
            {
                _left--;
                wait = TimeSpan.Zero;
                return true;
            }
            wait = TimeSpan.FromSeconds((1 - _left) / perSecond);
            return false;
        }
    }
}

/// <summary>
/// The few pairing attempts a minute, all callers together: whoever asks without a token cannot be told from another.
/// It never touches calls that carry a token, so nobody can lock a paired browser out.
/// </summary>
internal sealed class PairingAttempts(PairingOptions options, TimeProvider clock)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private readonly Lock _gate = new();
    private readonly Queue<long> _recent = new();

    public bool TryTake(out TimeSpan wait)
    {
        lock (_gate)
        {
            long now = clock.GetTimestamp();
            while (_recent.TryPeek(out long oldest) && clock.GetElapsedTime(oldest, now) >= Window) _recent.Dequeue();
            wait = TimeSpan.Zero;
            if (_recent.Count < options.AttemptsPerMinute)
            {
                _recent.Enqueue(now);
                return true;
            }
            wait = Window - clock.GetElapsedTime(_recent.Peek(), now);
            return false;
        }
    }
}
