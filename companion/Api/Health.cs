using Soundings.Depth;
using Soundings.Storage;

namespace Soundings.Api;

internal sealed record HealthView(ModelHealth Model, StorageHealth Storage, IReadOnlyDictionary<string, RuleHealth> Rules);

/// <summary><c>State</c>: serving, or fallback where the active version cannot be read and an earlier one judges; <c>Fault</c> then says why.</summary>
internal sealed record ModelHealth(string Version, string State, string? Fault);

/// <summary><c>State</c>: damaged, as the check after an unclean stop found; else ok, full, busy or failing, as the last write went.</summary>
internal sealed record StorageHealth(string State);

/// <summary><c>State</c>: seeing, blind (the page shows content and the rules find none), or nothing-shown.</summary>
internal sealed record RuleHealth(string State, int Seen, int Signs, string Page, string At);

/// <summary>How the companion is: its model, its storage, and what the site rules last saw.</summary>
internal sealed class Health(ActiveModel model, Database database, SightStore sights)
{
    public HealthView View() => new(
        new ModelHealth(model.Current.Version, model.Fault is null ? "serving" : "fallback", model.Fault),
        new StorageHealth(database.Damage is not null ? "damaged" : database.LastFault is { } fault ? StateOf(fault) : "ok"),
        // The worst sight of a site speaks for it: one kind of page gone blind is what its user must hear of.
        sights.All().GroupBy(sight => sight.Site).ToDictionary(site => site.Key, site => View(site.OrderByDescending(sight => sight.IsBlind).ThenByDescending(sight => sight.At).First())));

    private static RuleHealth View(Sight sight) =>
        new(sight.IsBlind ? "blind" : sight.Seen > 0 ? "seeing" : "nothing-shown", sight.Seen, sight.Signs, sight.Page, Moment.Format(sight.At));

    private static string StateOf(Exception fault)
    {
        Problem problem = Faults.Classify(fault);
        return problem == ProblemTypes.DiskFull ? "full" : problem == ProblemTypes.Busy ? "busy" : "failing";
    }
}
