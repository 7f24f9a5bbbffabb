using Soundings.Storage;

namespace Soundings.Dashboard;

/// <summary>
/// Tells the pages of one circuit that something was stored, so that they read anew: at once for the first change, then at most once per
/// <see cref="Pause"/> however many follow. Nothing is asked while nothing changes.
/// </summary>
internal sealed class LiveView : IDisposable
{
    /// <summary>While a feed is scrolled, batches are stored several times a second; figures that jump as often cannot be read.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly Database _database;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private bool _resting;
    private bool _waiting;

    public LiveView(Database database, TimeProvider clock)
    {
        _database = database;
        _timer = clock.CreateTimer(_ => AfterPause(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _database.Written += OnWritten;
    }

    /// <summary>Raised on no thread in particular: a component goes through its own InvokeAsync.</summary>
    public event Action? Changed;

    public void Dispose()
    {
        _database.Written -= OnWritten;
        _timer.Dispose();
    }

    private void OnWritten()
    {
        lock (_gate)
        {
            _waiting = _resting;
            if (_resting) return;
            _resting = true;
        }
        Tell();
    }

    private void AfterPause()
    {
        lock (_gate)
        {
            _resting = _waiting;
            _waiting = false;
            if (!_resting) return;
        }
        Tell();
    }

    private void Tell()
    {
        Changed?.Invoke();
        _timer.Change(Pause, Timeout.InfiniteTimeSpan);
    }
}
