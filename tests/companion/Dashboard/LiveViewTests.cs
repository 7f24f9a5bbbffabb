using Soundings.Dashboard;
using Soundings.Storage;
using Soundings.Tests.Api;

namespace Soundings.Tests.Dashboard;

public sealed class LiveViewTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly Vault _vault;
    private readonly HandTimers _timers = new();
    private readonly LiveView _view;
    private int _told;

    public LiveViewTests()
    {
        _vault = Vault.Open(_folder.Data);
        _view = new LiveView(_vault.Database, _timers);
        _view.Changed += () => _told++;
    }

    public void Dispose()
    {
        _view.Dispose();
        _vault.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_first_change_is_told_at_once()
    {
        await WriteAsync();
        Assert.Equal(1, _told);
    }

    [Fact]
    public async Task However_many_follow_within_the_pause_are_told_once_after_it()
    {
        for (int i = 0; i < 50; i++) await WriteAsync();
        Assert.Equal(1, _told);
        _timers.EndPause();
        Assert.Equal(2, _told);
        _timers.EndPause();
        Assert.Equal(2, _told);
    }

    [Fact]
    public async Task After_a_quiet_pause_the_next_change_is_told_at_once_again()
    {
        await WriteAsync();
        _timers.EndPause();
        await WriteAsync();
        Assert.Equal(2, _told);
    }

    [Fact]
    public async Task A_closed_page_is_told_nothing()
    {
        _view.Dispose();
        await WriteAsync();
        Assert.Equal(0, _told);
    }

    [Fact]
    public async Task A_write_that_failed_changes_nothing_on_the_page()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => _vault.Database.WriteAsync<int>(_ => throw new InvalidOperationException()));
        Assert.Equal(0, _told);
    }

    private Task WriteAsync() => _vault.Database.WriteAsync(connection => connection.Execute("PRAGMA data_version"));

    /// <summary>Timers that end when the test says so.</summary>
    private sealed class HandTimers : TimeProvider
    {
        private readonly List<HandTimer> _all = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            HandTimer timer = new(callback, state);
            _all.Add(timer);
            return timer;
        }

        public void EndPause() => _all.ForEach(timer => timer.End());

        private sealed class HandTimer(TimerCallback callback, object? state) : ITimer
        {
            private bool _runs;

            public bool Change(TimeSpan dueTime, TimeSpan period) => _runs = dueTime >= TimeSpan.Zero;

            public void End()
            {
                if (!_runs) return;
                _runs = false;
                callback(state);
            }

            public void Dispose() => _runs = false;

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
