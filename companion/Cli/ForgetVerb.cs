using System.CommandLine;
using System.Globalization;
using Soundings.Api;
using Soundings.Storage;

namespace Soundings.Cli;

/// <summary>The verb <c>forget</c>: says what would go, and with <c>--yes</c> removes it for good.</summary>
internal static class ForgetVerb
{
    public static Command Build()
    {
        Option<string?> person = new("--person") { Description = "Everything a person wrote: the name, the address of the profile, or the number that GET people gives", HelpName = "WHO" };
        Option<string?> day = new("--day") { Description = "A day, such as 2026-11-22", HelpName = "DAY" };
        Option<string?> from = new("--from") { Description = "From this day or time on", HelpName = "TIME" };
        Option<string?> to = new("--to") { Description = "Up to this day or time, which itself stays", HelpName = "TIME" };
        Option<string?> site = new("--site") { Description = "A site: linkedin or facebook; with another option, only what is of it on this site", HelpName = "SITE" };
        Option<string?> id = new("--id") { Description = "One item on --site, by its id", HelpName = "ID" };
        Option<bool> all = new("--all") { Description = "Everything that was read, labelled and learned. Paired browsers stay paired" };
        Option<bool> yes = new("--yes") { Description = "Forget it. Without this the verb only says what would go" };
        Option<string?> data = CommonOptions.Data();
        Command verb = new("forget", "Forget a person, a span of time, a site, an item or everything, for good: texts, scores, labels, and what was learned from them") { person, day, from, to, site, id, all, yes, data };
        verb.SetAction((parsed, stop) => RunAsync(
            new ForgetRequest { Day = parsed.GetValue(day), From = parsed.GetValue(from), To = parsed.GetValue(to), Site = parsed.GetValue(site), Id = parsed.GetValue(id), All = parsed.GetValue(all) },
            parsed.GetValue(person), parsed.GetValue(yes), parsed.Folder(data), stop));
        return verb;
    }

    private static async Task<int> RunAsync(ForgetRequest request, string? who, bool yes, DataFolder folder, CancellationToken stop)
    {
        if (Vault.IsHeld(folder))
        {
            if (who is not null) request = request with { Person = await FindAsync(who, cursor => CompanionCall.GetAsync(folder, "people?limit=200" + (cursor is null ? "" : "&cursor=" + cursor), WireJson.Context.PeopleReply, stop)) };
            return Tell(await CompanionCall.PostAsync(folder, "forget", request with { Preview = !yes }, WireJson.Context.ForgetRequest, WireJson.Context.ForgetReply, stop, Timeout.InfiniteTimeSpan));
        }
        await using OfflineCompanion companion = new(folder);
        if (who is not null) request = request with { Person = await FindAsync(who, cursor => Task.FromResult(PeopleApi.Page(companion.Get<PeopleStore>(), cursor is null ? 0 : long.Parse(cursor, CultureInfo.InvariantCulture), ItemPages.MaxLimit))) };
        ForgetWish wish = ForgetApi.WishOf(request, TimeZoneInfo.Local, out string? fault) ?? throw new MendableError(fault!);
        Forgetter forgetter = companion.Get<Forgetter>();
        return Tell(yes ? ForgetApi.View(await forgetter.ForgetAsync(wish), true) : ForgetApi.View(new ForgetReport(forgetter.Preview(wish), 0, false, null), false));
    }

    /// <summary>The one person who is meant; two of a name are told apart by address or number.</summary>
    private static async Task<long> FindAsync(string who, Func<string?, Task<PeopleReply>> page)
    {
        if (long.TryParse(who, NumberStyles.None, CultureInfo.InvariantCulture, out long number)) return number;
        List<PersonView> found = [];
        PeopleReply? read = null;
        do
        {
            read = await page(read?.Next);
            found.AddRange(read.People.Where(person => person.Name.Equals(who, StringComparison.CurrentCultureIgnoreCase) || person.Url == who));
        }
        while (read.Next is not null);
        return found.Count switch
        {
            0 => throw new MendableError($"Nobody called \"{who}\" is stored."),
            1 => found[0].Id,
            _ => throw new MendableError($"{found.Count} people are called \"{who}\". Name one by number:\n" + string.Join('\n', found.Select(person => $"  {person.Id}: {person.Name}, {person.Site}, {person.N} texts{(person.Url is null ? "" : ", " + person.Url)}"))),
        };
    }

    private static int Tell(ForgetReply reply)
    {
        string what = string.Create(CultureInfo.InvariantCulture,
            $"{reply.Items} items ({reply.Mine} of them yours), {reply.Texts} texts, {reply.Labels} labels, {reply.People} people, {reply.Reactions} reactions, {reply.Exempt} exemptions");
        if (!reply.Forgotten)
        {
            Console.WriteLine($"This would go for good: {what}. Nothing was changed: add --yes to forget it.");
            return 2;
        }
        Console.WriteLine($"Forgotten: {what}.{(reply.Models > 0 ? $" {reply.Models} versions of the model that may have learned from it are gone; what is left was learned anew." : "")}");
        if (reply.Erased) return 0;
        Console.Error.WriteLine($"Its bytes are not all overwritten yet. {reply.Why} This is tried again when Soundings next starts.");
        return 2;
    }
}
