using Soundings.Api;
using Soundings.Depth;
using Soundings.Training;

namespace Soundings.Dashboard;

/// <summary>What the page for teaching asks of the rest of the companion: what to label, what came of it, and which version judges.</summary>
internal sealed class Teaching(
    Asking asking, Labelling labelling, Learner learner, LearningReport report, FullTraining training, ModelCatalogue catalogue, ActiveModel active, TimeProvider clock)
{
    /// <summary>Raised on no thread in particular: another model serves, or a training went on.</summary>
    public event Action? Learned
    {
        add
        {
            learner.Changed += value;
            training.Advanced += value;
        }
        remove
        {
            learner.Changed -= value;
            training.Advanced -= value;
        }
    }

    public string Version => active.Current.Version;

    public TrainingView Training => training.View;

    public IReadOnlyList<(Item Item, bool Blind)> Ask(int n)
    {
        QueueReply queue = asking.Next(n);
        return [.. queue.Items.Zip(queue.Why, (item, why) => (item, why == "blind"))];
    }

    public Task<bool> SayAsync(Item item, Verdict? verdict) => labelling.SayAsync(new Line(item.Id, item, null, clock.GetUtcNow()), verdict);

    /// <summary>Two texts each, to say which of them goes deeper.</summary>
    public IReadOnlyList<IReadOnlyList<Item>> AskPairs(int n) => asking.Pairs(n);

    /// <summary>The label's id, to take it back by; null where it could not be stored.</summary>
    public Task<string?> SayPairAsync(IReadOnlyList<Item> pair, int deeper) => labelling.SayPairAsync(pair, deeper);

    public Task<bool> WithdrawAsync(string label) => labelling.WithdrawAsync(label);

    public LearningView View() => report.View();

    public IReadOnlyList<ModelView> Models() => ModelsApi.View(catalogue, active.Current.Version, active.Fault).Models;

    /// <summary>What went wrong, or null.</summary>
    public async Task<string?> ActivateAsync(string version)
    {
        try
        {
            await learner.ActivateAsync(version);
            return null;
        }
        catch (MendableError error)
        {
            return error.Message;
        }
    }

    public void Train() => training.Start([]);

    public Task CancelAsync() => training.CancelAsync();
}
