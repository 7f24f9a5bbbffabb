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
    private readonly Journal _journal;
    private readonly Reserve? _reserve;
    private readonly BlockingCollection<Job> _queue = new(MaxWaiting);
    private readonly Thread _thread;
    private int _changes;

    private abstract class Job
    {
        /// <summary>Runs outside any transaction, which some of SQLite's commands want.</summary>
        public bool IsAlone { get; init; }

        /// <summary>Makes room on the disk, and so may spend the reserve where that is full.</summary>
        public bool FreesRoom { get; init; }

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

    public Writer(SqliteConnection connection, Journal journal, Reserve? reserve)
    {
        _reserve = reserve;
        _connection = connection;
        _journal = journal;
        _thread = new Thread(Work) { Name = "database writer", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Why the last commit failed; null when it went well.</summary>
    public Exception? LastFault { get; private set; }

    public Task<T> RunAsync<T>(Func<SqliteConnection, T> work, bool freesRoom = false) => Enqueue(new Job<T>(work) { FreesRoom = freesRoom });

    /// <summary>As <see cref="RunAsync"/>, but with no transaction around it and no other job beside it; for what makes room.</summary>
    public Task<T> RunAloneAsync<T>(Func<SqliteConnection, T> work) => Enqueue(new Job<T>(work) { IsAlone = true, FreesRoom = true });

    private Task<T> Enqueue<T>(Job<T> job)
    {
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
        _journal.Dispose();
        _queue.Dispose();
    }

    private void Work()
    {
        List<Job> batch = [];
        foreach (Job first in _queue.GetConsumingEnumerable())
        {
            batch.Clear();
            Job? next = first;
            while (next is { IsAlone: false })
            {
                batch.Add(next);
                if (batch.Count == MaxJobsPerCommit || !_queue.TryTake(out next)) next = null;
            }
            RefuseWhileSpent(batch);
            if (batch.Count > 0) Commit(batch);
            if (next is not null) RunAlone(next);
        }
    }

    private void RunAlone(Job job)
    {
        try
        {
            try
            {
                job.Run(_connection);
            }
            catch (Exception error) when (Reserve.IsFull(error) && _reserve?.Spend() == true)
            {
                job.Run(_connection);
            }
        }
        catch (Exception error)
        {
            LastFault = error;
            job.Fail(error);
            return;
        }
        job.Succeed();
    }

    /// <summary>Fails what may not be written while the reserve is spent; what is left of the disk is for making room.</summary>
    private void RefuseWhileSpent(List<Job> batch)
    {
        if (_reserve is not { IsSpent: true } || _reserve.Allows()) return;
        LastFault = new SqliteException("the disk is full, and the reserve is spent", 13);
        foreach (Job job in batch.Where(job => !job.FreesRoom)) job.Fail(LastFault);
        batch.RemoveAll(job => !job.FreesRoom);
    }

    private void GiveBack()
    {
        try
        {
            _connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }
        catch (SqliteException error)
        {
            // What was deleted stays deleted; its room comes back with a later checkpoint.
            LastFault = error;
        }
    }

    private void TakeBackJournal()
    {
        try
        {
            _journal.Undo();
        }
        catch (IOException error)
        {
            LastFault = error;
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
            _journal.Append(_connection);
            transaction.Commit();
            _journal.Keep();
            // A commit of nothing proves nothing about the disk.
            int changes = raw.sqlite3_total_changes(_connection.Handle);
            if (changes != _changes) LastFault = null;
            _changes = changes;
        }
        catch (Exception error)
        {
            // A full disk or a failing one rolls the whole transaction back by itself: whoever has not failed yet fails now.
            LastFault = error;
            TakeBackJournal();
            List<Job> freeing = Reserve.IsFull(error) && batch.Exists(job => job.FreesRoom) && _reserve?.Spend() == true ? [.. batch.Where(job => job.FreesRoom)] : [];
            foreach (Job job in batch.Except(freeing)) job.Fail(error);
            if (freeing.Count > 0) Commit(freeing);
            return;
        }
        foreach (Job job in done) job.Succeed();
        // The log has grown by what was deleted; only a checkpoint gives that room back.
        if (batch.Exists(job => job.FreesRoom)) GiveBack();
    }
}
