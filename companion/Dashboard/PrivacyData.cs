using Soundings.Api;
using Soundings.Cli;
using Soundings.Pairing;
using Soundings.Storage;

namespace Soundings.Dashboard;

/// <summary>What the privacy page shows and does: what is kept and how long, pausing, and ending a browser's pairing.</summary>
internal sealed class PrivacyData(
    Vault vault, FootprintStore footprint, ClientStore clients, Sessions sessions, KeepingStore keeping, Retention retention, Forgetter forgetter,
    OutwardWatch watch, Browser browser, TimeProvider clock)
{
    public string Folder => vault.Folder.Path;

    public bool CanOpenFolder => Browser.HasDesktop;

    public DateTimeOffset Now => clock.GetLocalNow();

    public string ExportName => $"soundings-{Now:yyyy-MM-dd}.zip";

    public Keeping Keeping => keeping.Keeping;

    public DateTimeOffset? PausedUntil => keeping.PausedUntil(clock.GetUtcNow());

    public Footprint Kept() => footprint.Read();

    public Outward Outward() => watch.Look();

    public IReadOnlyList<Client> Browsers() => clients.All();

    /// <summary>The data folder and nothing else: what is opened is never the page's to say.</summary>
    public void OpenFolder() => browser.OpenFolder();

    /// <summary>Whether texts that are kept now might not be.</summary>
    public bool LetsGo(Keeping wanted) => wanted == Keeping.Never ? Keeping != Keeping.Never : Keeping == Keeping.Never ? false : wanted < Keeping;

    /// <summary>From now on, and at once for what is older; how many items let their text go.</summary>
    public async Task<int> KeepAsync(Keeping wanted)
    {
        await keeping.KeepAsync(wanted);
        int gone = await retention.RunAsync(clock.GetUtcNow());
        if (gone > 0) await forgetter.EraseAsync();
        return gone;
    }

    public Task PauseAsync(DateTimeOffset? until) => keeping.PauseAsync(until?.ToUniversalTime());

    /// <summary>Its sessions end at once, its pairing with them: the same as DELETE pair/clients.</summary>
    public async Task RemoveAsync(Client client)
    {
        await clients.RemoveAsync(client.Id);
        sessions.Revoke(client.Id);
    }
}
