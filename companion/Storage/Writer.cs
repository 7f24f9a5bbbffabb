using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Soundings.Storage;

/// <summary>
/// The one writing connection, on a thread of its own behind a queue: SQLite blocks, and the request threads must not.
/// Jobs that wait together share one commit (and one flush to disk), each in a savepoint, so that one that fails takes none with it.
/// </summary>
internal sealed class Writer : IDisposable
{
    /// <summary>Jobs under one commit at most; bounds how long the first of them waits.</summary>
    private const int MaxJobsPerCommit = 64;

    /// <summary>Jobs that may wait. Past it a caller is told that we are busy, so that memory stays bounded.</summary>
    private const int MaxWaiting = 4096;

    private readonly SqliteConnection _connection;
    private readonly BlockingCollection<Job> _queue = new(MaxWaiting);
    private readonly Thread _thread;
    private int _changes;

    private abstract class Job
    {
        public abstract void Run(SqliteConnection connection);
        public abstract void Fail(Exception error);
        public abstract void Succeed();
    }

    private sealed class Job<T>(Func<SqliteConnection, T> work) : Job
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T _result = default!;

        public Task<T> Done => _done.Task;

        public override void Run(SqliteConnection connection) => _result = work(connection);
        public override void Fail(Exception error) => _done.TrySetException(error);
        public override void Succeed() => _done.TrySetResult(_result);
    }

    public Writer(SqliteConnection connection)
    {
        _connection = connection;
        _thread = new Thread(Work) { Name = "database writer", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Why the last commit failed; null when it went well.</summary>
    public Exception? LastFault { get; private set; }

    public Task<T> RunAsync<T>(Func<SqliteConnection, T> work)
    {
        Job<T> job = new(work);
        try
        {
            if (!_queue.TryAdd(job)) job.Fail(new TimeoutException("The writer's queue is full."));
        }
        catch (InvalidOperationException)
        {
            job.Fail(new ObjectDisposedException(nameof(Writer)));
        }
        return job.Done;
    }

    /// <summary>Finishes what waits, moves the log into the database and closes it.</summary>
    public void Dispose()
    {
        if (_queue.IsAddingCompleted) return;
        _queue.CompleteAdding();
        _thread.Join();
        _connection.Dispose();
        _queue.Dispose();
    }

    private void Work()
    {
        List<Job> batch = [];
        foreach (Job first in _queue.GetConsumingEnumerable())
        {
            batch.Clear();
            batch.Add(first);
            while (batch.Count < MaxJobsPerCommit && _queue.TryTake(out Job? more)) batch.Add(more);
            Commit(batch);
        }
    }

    private void Commit(List<Job> batch)
    {
        List<Job> done = [];
        try
        {
            // Immediate: a transaction that starts reading and upgrades can only fail late.
            using SqliteTransaction transaction = _connection.BeginTransaction();
            foreach (Job job in batch)
            {
                transaction.Save("job");
                try
                {
                    job.Run(_connection);
                    done.Add(job);
                }
                catch (Exception error) when (error is not SqliteException { SqliteErrorCode: 10 or 11 or 13 })
                {
                    transaction.Rollback("job");
                    job.Fail(error);
                }
                transaction.Release("job");
            }
            transaction.Commit();
            // A commit of nothing proves nothing about the disk.
            int changes = raw.sqlite3_total_changes(_connection.Handle);
            if (changes != _changes) LastFault = null;
            _changes = changes;
        }
        catch (Exception error)
        {
            // A full disk or a failing one rolls the whole transaction back by itself: whoever has not failed yet fails now.
            LastFault = error;
            foreach (Job job in batch) job.Fail(error);
            return;
        }
        foreach (Job job in done) job.Succeed();
    }
}
