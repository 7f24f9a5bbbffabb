using Soundings.Pairing;
using Soundings.Storage;

namespace Soundings.Dashboard;

/// <summary>What the privacy page shows, and the one thing it does: ending a browser's pairing.</summary>
internal sealed class PrivacyData(Vault vault, FootprintStore footprint, ClientStore clients, Sessions sessions, TimeProvider clock)
{
    public string Folder => vault.Folder.Path;

    public DateTimeOffset Now => clock.GetLocalNow();

    public Footprint Kept() => footprint.Read();

    public IReadOnlyList<Client> Browsers() => clients.All();

    /// <summary>Its sessions end at once, its pairing with them: the same as DELETE pair/clients.</summary>
    public async Task RemoveAsync(Client browser)
    {
        await clients.RemoveAsync(browser.Id);
        sessions.Revoke(browser.Id);
    }
}
