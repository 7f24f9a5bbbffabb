using Soundings.Depth;
using Soundings.Reading;
using Soundings.Storage;

namespace Soundings.Api;

internal sealed record HealthView(ModelHealth Model, StorageHealth Storage, IReadOnlyDictionary<string, RuleHealth> Rules, IReadOnlyList<RefusedRules> RefusedRules);

/// <summary><c>State</c>: serving, or fallback where the active version cannot be read and an earlier one judges; <c>Fault</c> then says why.</summary>
internal sealed record ModelHealth(string Version, string State, string? Fault);

/// <summary>
/// <c>State</c>: damaged, as the check found; else full, busy or failing, as the last write went; else recovered, for two weeks after damage was
/// mended; else ok. <c>Said</c>: what happened and what to do, for whoever shows it.
/// </summary>
internal sealed record StorageHealth(string State, string? Said = null);

/// <summary><c>State</c>: seeing, blind (the page shows content and the rules find none), or nothing-shown.</summary>
internal sealed record RuleHealth(string State, int Seen, int Signs, string Page, string At);

/// <summary>How the companion is: its model, its storage, and what the site rules last saw.</summary>
internal sealed class Health(ActiveModel model, Database database, SightStore sights, RuleShelf shelf, TimeProvider clock)
{
    private static readonly TimeSpan RecoveryIsNews = TimeSpan.FromDays(14);

    public HealthView View() => new(
        new ModelHealth(model.Current.Version, model.Fault is null ? "serving" : "fallback", model.Fault),
        Storage(),
        // The worst sight of a site speaks for it: one kind of page gone blind is what its user must hear of.
        sights.All().GroupBy(sight => sight.Site).ToDictionary(site => site.Key, site => View(site.OrderByDescending(sight => sight.IsBlind).ThenByDescending(sight => sight.At).First())),
        RulesApi.Refused(shelf.Now()));

    public StorageHealth Storage()
    {
        if (database.Damage is not null) return new("damaged", "The database is damaged. Stop Soundings and start it again: it then saves what can be read.");
        if (database.LastFault is { } fault)
        {
            string state = StateOf(fault);
            return new(state, state switch
            {
                "full" => "The disk is full. Labels wait in the browser until there is room; forgetting still works.",
                "busy" => "Another program holds the database.",
                _ => "The data folder cannot be written.",
            });
        }
        bool news = database.Recovered is { } was && (clock.GetUtcNow() - was.At).Duration() < RecoveryIsNews;
        return news ? new("recovered", database.Recovered!.Said(database.Journal.PutBack)) : new("ok");
    }

    private static RuleHealth View(Sight sight) =>
        new(sight.IsBlind ? "blind" : sight.Seen > 0 ? "seeing" : "nothing-shown", sight.Seen, sight.Signs, sight.Page, Moment.Format(sight.At));

    private static string StateOf(Exception fault)
    {
        Problem problem = Faults.Classify(fault);
        return problem == ProblemTypes.DiskFull ? "full" : problem == ProblemTypes.Busy ? "busy" : "failing";
    }
}
