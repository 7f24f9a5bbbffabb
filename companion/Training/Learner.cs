using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Soundings.Api;
using Soundings.Depth;
using Soundings.Storage;

namespace Soundings.Training;

/// <summary>
/// Owns the fast half of learning: after every label the head is fitted anew, compared, and serves if it is not worse. It is written down as
/// a version right after, not before: the same labels give the same version again, so what a crash leaves unwritten is learned at the next
/// start, and no click waits for the disk more often than its label needs. Of versions that follow faster than the disk the newest is kept.
/// </summary>
internal sealed class Learner(
    ActiveModel active, ModelCatalogue catalogue, LabelStore labels, LearningStore learning, Background background, TimeProvider clock, ILogger<Learner> log) : IHostedService, IDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private readonly Lock _gate = new();
    private Ground? _ground;
    private Version? _unwritten;
    private bool _busy;
    private Task _writing = Task.CompletedTask;

    /// <summary>A version on its way to the disk. <c>Head</c> is null where what it stands on serves alone.</summary>
    private sealed record Version(PersonalHead? Head, JsonObject? Report, string Serving);

    /// <summary>A model that heads are learned on, with the labels as it sees them.</summary>
    private sealed record Ground(Scorer Base, string Version, string Hash, OwnLabels Labels)
    {
        /// <summary>The newest head, serving or not; the base itself before the first.</summary>
        public Scorer Newest { get; set; } = Base;

        public long Revision { get; set; } = -1;

        /// <summary>What was predicted before each label; the database gets the same, without being waited for.</summary>
        public required Dictionary<string, Prediction> Predictions { get; init; }

        public required Task<IReadOnlyList<PersonalRow>> Floor { get; init; }
    }

    /// <summary>Raised after another model began to serve.</summary>
    public event Action? Changed;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        long revision = learning.Revision();
        bool known = revision == 0 || active.Fault is null && catalogue.Versions.Contains(new ModelVersion(BaseOf(active.Current.Version), revision).ToString());
        if (!known) await LearnAsync();
    }

    public Task StopAsync(CancellationToken cancellationToken) => WrittenAsync();

    /// <summary>Ends when every version that was made so far is on disk, or failed to get there.</summary>
    public Task WrittenAsync()
    {
        lock (_gate) return _writing;
    }

    public void Dispose()
    {
        // A version that is half written is refused later and learned again; but there is no need for it.
        WrittenAsync().Wait(TimeSpan.FromSeconds(5));
        _one.Dispose();
    }

    /// <summary>Learns what is stored and not yet learned; the version that serves then. A failure leaves the last good model serving, and is logged.</summary>
    public async Task<string> LearnAsync()
    {
        await _one.WaitAsync();
        try
        {
            await LearnAloneAsync();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or MendableError or Microsoft.Data.Sqlite.SqliteException or TimeoutException)
        {
            log.LogError("Your labels are stored, but the model could not learn from them: {Fault}", error.GetType().Name);
        }
        finally
        {
            _one.Release();
        }
        return active.Current.Version;
    }

    /// <summary>Makes a version the active one; the labels are learned on what it stands on from then on.</summary>
    public async Task ActivateAsync(string version)
    {
        await _one.WaitAsync();
        try
        {
            await WrittenAsync();
            Scorer scorer = catalogue.Activate(version);
            active.Fault = null;
            active.Activate(scorer);
        }
        finally
        {
            _one.Release();
        }
        Changed?.Invoke();
    }

    /// <summary>Makes a full training the model that heads are learned on, and learns all labels on top of it.</summary>
    public async Task StandOnAsync(string version)
    {
        await ActivateAsync(version);
        await LearnAsync();
    }

    /// <summary>
    /// After labels were forgotten: every version that may have learned from them goes, and what is left is learned anew. How many versions went.
    /// </summary>
    public async Task<int> LearnAnewAsync()
    {
        int removed;
        await _one.WaitAsync();
        try
        {
            await WrittenAsync();
            active.Activate(catalogue.Load(StarterModel.Version));
            removed = catalogue.RemoveOwn();
            _ground = null;
            await LearnAloneAsync();
            await WrittenAsync();
        }
        finally
        {
            _one.Release();
        }
        return removed;
    }

    private async Task LearnAloneAsync()
    {
        Ground ground = GroundOf(BaseOf(active.Current.Version));
        long revision = learning.Revision();
        if (ground.Revision == revision) return;
        Stopwatch watch = Stopwatch.StartNew();
        IReadOnlyList<StoredLabel> standing = labels.Current();
        HashSet<string> seen = [.. ground.Labels.All.Select(ItemKey)];
        IReadOnlyList<OwnLabel> fresh = ground.Labels.Take(standing);
        Predict(ground, fresh, seen);

        ground.Newest = ground.Base;
        Scorer next = ground.Base;
        Version written = new(null, null, ground.Version);
        if (standing.Count > 0)
        {
            string version = new ModelVersion(BaseOf(ground.Version), revision).ToString();
            PersonalHead head = new(version, ground.Version, ground.Hash, ground.Labels.Fit());
            ground.Newest = ground.Base.With(head);
            IReadOnlyList<Duel> duels = Duels(ground.Labels.All, ground.Predictions);
            double? floor = FloorSet.Auc(await ground.Floor, head);
            Promotion promotion = PromotionPolicy.Decide(duels, floor);
            if (promotion.Serves) next = ground.Newest;
            written = new(head, Report(ground, standing.Count, promotion, duels, floor, watch.Elapsed), next.Version);
        }
        ground.Revision = revision;
        active.Fault = null;
        active.Activate(next);
        Write(written);
        Changed?.Invoke();
    }

    private void Write(Version version)
    {
        lock (_gate)
        {
            _unwritten = version;
            if (_busy) return;
            _busy = true;
            _writing = Task.Run(WriteAll);
        }
    }

    private void WriteAll()
    {
        while (true)
        {
            Version next;
            lock (_gate)
            {
                if (_unwritten is null)
                {
                    _busy = false;
                    return;
                }
                (next, _unwritten) = (_unwritten, null);
            }
            try
            {
                if (next.Head is { } head) catalogue.Add(head.Version, head.ToBytes(), next.Report!);
                if (next.Serving != catalogue.ActiveVersion) catalogue.Point(next.Serving);
                catalogue.Prune();
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                log.LogError("The newest version of the model serves, but could not be written: {Fault}. It is learned again at the next start.", error.GetType().Name);
            }
        }
    }

    private Ground GroundOf(int number)
    {
        string version = new ModelVersion(number, 0).ToString();
        if (_ground is { } known && known.Version == version) return known;
        Scorer standing = active.Current.Base;
        OwnLabels own = new(standing);
        Ground ground = new(standing, version, catalogue.HashOf(version), own)
        {
            Predictions = new(learning.Predictions(), StringComparer.Ordinal),
            Floor = Task.Run(() => FloorSet.Read(StarterModel.Seeds).Rows(standing)),
        };
        string? newest = catalogue.Versions.LastOrDefault(name => ModelVersion.Parse(name) is { IsPersonal: true } v && v.Base == number);
        if (newest is not null)
        {
            try
            {
                ground.Newest = catalogue.Load(newest);
                own.Take(labels.Current().Where(label => label.Seq <= ModelVersion.Parse(newest)!.Value.Revision).ToList());
            }
            catch (MendableError error)
            {
                log.LogWarning("{Fault}", error.Message);
            }
        }
        return _ground = ground;
    }

    /// <summary>First predicted, then learned: what each model thought of a label it had not seen is the only honest figure there is.</summary>
    private void Predict(Ground ground, IReadOnlyList<OwnLabel> fresh, HashSet<string> seen)
    {
        List<Prediction> predicted =
        [
            .. fresh.Where(label => !label.IsPair && !seen.Contains(ItemKey(label)) && !ground.Predictions.ContainsKey(label.Stored.Id)).Select(label => new Prediction(
                label.Stored.Id, ground.Base.Score(label.Item).Probability, ground.Newest.Score(label.Item).Probability,
                active.Current.Score(label.Item).Probability, active.Current.Version)),
        ];
        if (predicted.Count == 0) return;
        foreach (Prediction prediction in predicted) ground.Predictions[prediction.Label] = prediction;
        // Not waited for: a prediction lost in a crash makes n smaller, nothing wrong.
        background.Start("keep what was predicted before a label", learning.PredictedAsync(predicted));
    }

    /// <summary>How the heads and what they stand on did, label by label in time order.</summary>
    public static IReadOnlyList<Duel> Duels(IEnumerable<OwnLabel> inTimeOrder, IReadOnlyDictionary<string, Prediction> predictions) =>
    [
        .. inTimeOrder.Where(label => !label.IsPair && predictions.ContainsKey(label.Stored.Id)).Select(label =>
        {
            Prediction p = predictions[label.Stored.Id];
            return new Duel(p.Head >= 0.5 == label.Substantive, p.Starter >= 0.5 == label.Substantive);
        }),
    ];

    private JsonObject Report(Ground ground, int count, Promotion promotion, IReadOnlyList<Duel> duels, double? floor, TimeSpan took)
    {
        string said = string.Join('\n', ground.Labels.All.Select(label => $"{label.Stored.Id} {label.Stored.Label} {label.Stored.Deeper}"));
        return new JsonObject
        {
            ["kind"] = "personal",
            ["parents"] = new JsonArray(ground.Version),
            ["parentSha256"] = ground.Hash,
            ["made"] = Moment.Format(clock.GetUtcNow().ToUnixTimeMilliseconds()),
            ["labels"] = count,
            ["labelsSha256"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(said))),
            ["options"] = new JsonObject { ["view"] = PersonalView.Length, ["most"] = PersonalFit.Most },
            ["seed"] = null,
            ["library"] = $"Soundings {typeof(Learner).Assembly.GetName().Version}",
            ["serves"] = promotion.Serves,
            ["why"] = promotion.Why,
            ["own"] = new JsonObject
            {
                ["n"] = duels.Count,
                ["right"] = duels.Count(duel => duel.CandidateRight),
                ["starterRight"] = duels.Count(duel => duel.OtherRight),
            },
            ["starter"] = new JsonObject { ["n"] = ground.Floor.Result.Count, ["auc"] = Evaluation.Round(floor), ["floor"] = PromotionPolicy.Floor },
            ["milliseconds"] = Math.Round(took.TotalMilliseconds, 2),
        };
    }

    private static string ItemKey(OwnLabel label) => $"{label.Item.Site}\n{label.Item.Id}";

    private static int BaseOf(string version) => ModelVersion.Parse(version)!.Value.Base;
}
