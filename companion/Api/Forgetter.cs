using Microsoft.Data.Sqlite;
using Soundings.Reading.Exports;
using Soundings.Storage;
using Soundings.Training;

namespace Soundings.Api;

/// <summary>
/// What became of a wish to forget. <c>Models</c>: versions that had learned from labels and were removed. <c>Erased</c>: no byte of it is left in
/// the data folder; else <c>Why</c> says what stood in the way, and it is tried again at the next start.
/// </summary>
internal sealed record ForgetReport(ForgetCounts Counts, int Models, bool Erased, string? Why);

/// <summary>
/// Owns forgetting from the first row to the last byte: the rows go in one transaction, then the models that learned from them, then what the
/// deleted rows left in the file and in the log beside it. A companion that is killed half way goes on with it at its next start.
/// </summary>
internal sealed class Forgetter(
    ForgetStore store, Database database, Learner learner, FullTraining training, Imports imports, ExemptStore exempt, DataFolder folder,
    Background background, ILogger<Forgetter> log) : IHostedService, IDisposable
{
    private readonly SemaphoreSlim _one = new(1);

    public ForgetCounts Preview(ForgetWish wish) => store.Preview(wish);

    /// <summary>Throws <see cref="MendableError"/> while an import runs: what it has read and not yet stored could not be told apart.</summary>
    public async Task<ForgetReport> ForgetAsync(ForgetWish wish)
    {
        if (imports.Now is not null) throw new MendableError("An import is running. Wait for its end, or cancel it, and forget then.");
        await _one.WaitAsync();
        try
        {
            ForgetCounts counts = await store.ForgetAsync(wish);
            exempt.Reload();
            (int models, string? why) = await FinishAsync();
            return new ForgetReport(counts, models, why is null, why);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Texts were let go by the thousand: what they left in the file and in the backups goes at once.</summary>
    public async Task EraseAsync()
    {
        await store.OweAsync();
        await FinishAloneAsync();
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (store.Owed() is not null) background.Start("finish forgetting", FinishAloneAsync());
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _one.Dispose();

    private async Task FinishAloneAsync()
    {
        await _one.WaitAsync();
        try
        {
            await FinishAsync();
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task<(int Models, string? Why)> FinishAsync()
    {
        int models = 0;
        try
        {
            if (store.Owed() is not { } owed) return (0, null);
            if (owed == ForgetStore.OwesModels)
            {
                await training.DropAsync();
                models = await learner.LearnAnewAsync();
            }
            ImportRun.ForgetLeftovers(folder);
            await database.RewriteJournalAsync();
            Copies.Forget(folder);
            if (!await database.CompactAsync()) return (models, "Somebody was reading the database all the while, so its log could not be emptied.");
            await store.PaidAsync();
            return (models, null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or SqliteException or TimeoutException or MendableError)
        {
            log.LogError("What was forgotten is no longer stored, but not all of its bytes could be removed: {Fault}. This is tried again at the next start.", error.GetType().Name);
            return (models, Faults.Classify(error) == ProblemTypes.DiskFull ? "The disk is full: writing the database anew needs as much room as it takes." : "The data folder could not be written.");
        }
    }
}
