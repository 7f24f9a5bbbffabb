using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Soundings.Depth;
using Soundings.Storage;

namespace Soundings.Training;

/// <summary><c>State</c>: idle, running, done, cancelled or failed. <c>Progress</c> from 0 to 1 counts finished steps; <c>Version</c> is what is made or was made.</summary>
internal sealed record TrainingView(string State, double Progress, string? Step, string? Version, bool Activated, string? Why, int? Labels, JsonObject? Report);

/// <summary>
/// Owns the slow half of learning: the large model trained anew on the starter corpus and the user's labels, one at a time, in a process of
/// its own at low priority, so that scoring goes on, no training code is loaded here, and cancelling is ending a process. A training that a
/// restart cut short begins anew.
/// </summary>
/// <remarks>
/// Asked: should the large model learn all labels, or leave the newest out so that it can be held against them? Left out: the comparison is
/// honest, and the head that is then learned on top carries the newest anyway.
/// </remarks>
internal sealed class FullTraining(
    ActiveModel active, ModelCatalogue catalogue, LabelStore labels, Learner learner, DataFolder folder, TimeProvider clock, ILogger<FullTraining> log)
    : IHostedService, IAsyncDisposable
{
    /// <summary>What one own label counts beside a line of the corpus; less is not felt among six thousand, more unlearns the rest.</summary>
    public const int OwnWeight = 8;

    /// <summary>Labels from which some are kept back to compare on, and the share that is.</summary>
    private const int CompareFrom = 40;
    private const double KeptBack = 0.2;

    private static readonly TrainingView Idle = new("idle", 0, null, null, false, null, null, null);
    private readonly Lock _gate = new();
    private volatile TrainingView _view = Idle;
    private CancellationTokenSource _stop = new();
    private Task _run = Task.CompletedTask;

    public TrainingView View => _view;

    /// <summary>Raised after each step, on no thread in particular.</summary>
    public event Action? Advanced;

    private string Room => Path.Combine(folder.ModelsFolder, "training");

    private string Wish => Path.Combine(Room, "wish.json");

    public Task StartAsync(CancellationToken cancellationToken)
    {
        learner.Changed += StartIfDue;
        if (File.Exists(Wish)) Start([]);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        learner.Changed -= StartIfDue;
        // The wish stays, so that the next start takes it up again.
        await _stop.CancelAsync();
        await _run.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public ValueTask DisposeAsync()
    {
        _stop.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Starts unless one runs already; says how things stand.</summary>
    public TrainingView Start(IReadOnlyList<string> files)
    {
        lock (_gate)
        {
            if (_view.State == "running") return _view;
            DataFolder.CreateFolder(folder.ModelsFolder);
            DataFolder.CreateFolder(Room);
            DataFolder.WriteFile(Wish, "{}"u8);
            _stop.Dispose();
            _stop = new CancellationTokenSource();
            string version = catalogue.Next();
            _view = new("running", 0, "gathering your labels", version, false, null, null, null);
            _run = Task.Run(() => RunAsync(version, files, _stop.Token));
            return _view;
        }
    }

    /// <summary>Ends a running training for good; true where there was one.</summary>
    public async Task<bool> CancelAsync()
    {
        if (_view.State != "running") return false;
        await _stop.CancelAsync();
        await _run;
        // After it has ended, not before: it must not find its room gone and call that a failure.
        Forget();
        return _view.State == "cancelled";
    }

    /// <summary>Ends a running training, and leaves nothing of what one was given to learn from.</summary>
    public async Task DropAsync()
    {
        await CancelAsync();
        Forget();
    }

    /// <summary>Ends when no training runs any more.</summary>
    public Task EndAsync() => _run;

    private void StartIfDue()
    {
        int now = labels.Count(), last = catalogue.Versions.Max(version => ModelVersion.Parse(version) is { IsPersonal: false } ? (int?)catalogue.ReportOf(version)?["labels"] ?? 0 : 0);
        if (RetrainPolicy.IsDue(now, last, _view.State == "running")) Start([]);
    }

    private async Task RunAsync(string version, IReadOnlyList<string> files, CancellationToken stop)
    {
        try
        {
            await TrainAsync(version, files, stop);
            Forget();
        }
        catch (OperationCanceledException)
        {
            _view = _view with { State = "cancelled", Step = null };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or MendableError or System.ComponentModel.Win32Exception or Microsoft.Data.Sqlite.SqliteException or TimeoutException)
        {
            Forget();
            log.LogError("The training failed: {Fault}", error is MendableError ? error.Message : error.GetType().Name);
            _view = _view with { State = "failed", Step = null, Why = error is MendableError ? error.Message : "The disk or the database did not take part. The model that served goes on serving." };
        }
        finally
        {
            Advanced?.Invoke();
        }
    }

    private async Task TrainAsync(string version, IReadOnlyList<string> files, CancellationToken stop)
    {
        Stopwatch watch = Stopwatch.StartNew();
        Scorer standing = active.Current.Base;
        List<StoredLabel> all = [.. labels.Current().Where(label => label.Deeper is null)];
        int kept = all.Count >= CompareFrom ? (int)(all.Count * KeptBack) : 0;
        List<StoredLabel> learned = all[..^kept];
        string lines = Path.Combine(Room, "own.jsonl"), made = Path.Combine(Room, "made.model");
        DataFolder.WriteFile(lines, System.Text.Encoding.UTF8.GetBytes(string.Join('\n', learned.Select(LabelLines.Write))));
        Advance(0.1, "training the large model");
        await TrainApartAsync([.. files, lines], version, made, stop);

        Advance(0.8, "comparing on your newest labels");
        byte[] content = await File.ReadAllBytesAsync(made, stop);
        Scorer candidate = new(Model.Read(content, made));
        IReadOnlyList<Duel> duels = Compare(candidate, standing, all, kept);
        double? floor = FloorSet.Read(StarterModel.Seeds).Auc(candidate);
        Promotion promotion = PromotionPolicy.Decide(duels, floor);
        JsonObject report = new()
        {
            ["kind"] = "full",
            ["parents"] = new JsonArray(standing.Version),
            ["made"] = Moment.Format(clock.GetUtcNow().ToUnixTimeMilliseconds()),
            ["labels"] = all.Count,
            ["learnedLabels"] = learned.Count,
            ["labelsSha256"] = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(await File.ReadAllBytesAsync(lines, stop))),
            ["files"] = new JsonArray([.. files.Select(file => (JsonNode)Path.GetFileName(file))]),
            ["options"] = new JsonObject { ["ownWeight"] = OwnWeight },
            ["seed"] = Trainer.Seed,
            ["library"] = "Microsoft.ML 5.0.1",
            ["serves"] = promotion.Serves,
            ["why"] = promotion.Why,
            ["own"] = new JsonObject { ["n"] = duels.Count, ["right"] = duels.Count(d => d.CandidateRight), ["starterRight"] = duels.Count(d => d.OtherRight) },
            ["starter"] = new JsonObject { ["auc"] = Evaluation.Round(floor), ["floor"] = PromotionPolicy.Floor },
            ["seconds"] = Math.Round(watch.Elapsed.TotalSeconds, 1),
        };
        stop.ThrowIfCancellationRequested();
        catalogue.Add(version, content, report);
        Advance(0.95, "learning your labels on top of it");
        if (promotion.Serves) await learner.StandOnAsync(version);
        _view = new("done", 1, null, version, promotion.Serves, promotion.Why, all.Count, (JsonObject)report.DeepClone());
    }

    /// <summary>Both with a head learned from the same older labels, held against the newest, which neither has seen.</summary>
    private static IReadOnlyList<Duel> Compare(Scorer candidate, Scorer standing, List<StoredLabel> all, int kept)
    {
        if (kept == 0) return [];
        Scorer[] both = [.. new[] { candidate, standing }.Select(scorer =>
        {
            OwnLabels own = new(scorer);
            own.Take(all[..^kept]);
            return scorer.With(new PersonalHead("1.1", "1", "", own.Fit()));
        })];
        OwnLabels newest = new(standing);
        newest.Take(all[^kept..]);
        return [.. newest.All.Select(label => new Duel(
            both[0].Score(label.Item).Probability >= 0.5 == label.Substantive, both[1].Score(label.Item).Probability >= 0.5 == label.Substantive))];
    }

    private async Task TrainApartAsync(IReadOnlyList<string> files, string version, string made, CancellationToken stop)
    {
        string program = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "soundings.exe" : "soundings");
        ProcessStartInfo info = new(program, ["train", .. files, "--seeds", StarterModel.Seeds, "--out", made, "--as", version, "--own-weight", OwnWeight.ToString(CultureInfo.InvariantCulture), "--child"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(info) ?? throw new IOException("the training did not start");
        try
        {
            try
            {
                process.PriorityClass = ProcessPriorityClass.BelowNormal;
            }
            catch (Exception error) when (error is InvalidOperationException or System.ComponentModel.Win32Exception)
            {
                log.LogWarning("The training runs at normal priority: {Fault}", error.GetType().Name);
            }
            Task<string> said = process.StandardOutput.ReadToEndAsync(stop), fault = process.StandardError.ReadToEndAsync(stop);
            await process.WaitForExitAsync(stop);
            await said;
            if (process.ExitCode != 0)
                throw new MendableError($"The training ended with: {(await fault).Trim().ReplaceLineEndings(" ")}");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
                process.WaitForExit();
            }
        }
    }

    private void Advance(double progress, string step)
    {
        _view = _view with { Progress = progress, Step = step };
        Advanced?.Invoke();
    }

    private void Forget()
    {
        if (Directory.Exists(Room)) Directory.Delete(Room, recursive: true);
    }
}
