using System.Buffers.Text;
using System.Security.Cryptography;
using Soundings.Storage;

namespace Soundings.Pairing;

/// <summary>A one-time ticket in its two shapes: the secret in a link's fragment, and a code a person can type.</summary>
internal sealed record Ticket(string Secret, string Code, string CodeSecret);

/// <summary>The open one-time tickets, in memory only: those that pair a browser, and those that open the dashboard.</summary>
internal sealed class Tickets(PairingOptions options, Vault vault, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly List<OpenTicket> _open = [];
    private readonly Dictionary<string, (long Since, TimeSpan Lifetime)> _dash = new(StringComparer.Ordinal);

    private sealed class OpenTicket(Ticket ticket, long since)
    {
        public Ticket Ticket { get; } = ticket;
        public long Since { get; } = since;
        public string LinkId { get; } = Handshake.TicketId(ticket.Secret);
        public string CodeId { get; } = Handshake.TicketId(ticket.CodeSecret);
        public int WrongTries { get; set; }
    }

    /// <summary>Opens a ticket to pair one browser. Costs some 50 ms, for the code is stretched.</summary>
    public Ticket Open()
    {
        string code = Handshake.NewCode();
        Ticket ticket = new(NewSecret(), code, Handshake.SecretOfCode(code, vault.ServerId));
        lock (_gate)
        {
            DropDead();
            if (_open.Count >= options.MaxOpenTickets) _open.RemoveAt(0);
            _open.Add(new OpenTicket(ticket, clock.GetTimestamp()));
        }
        return ticket;
    }

    /// <summary>
    /// The secret behind a ticket id, which is burnt by asking: whether or not the proof that came with it holds.
    /// An unknown id counts as a try at the open codes.
    /// </summary>
    public string? Burn(string ticketId)
    {
        lock (_gate)
        {
            DropDead();
            foreach (OpenTicket open in _open)
            {
                string? secret = open.LinkId == ticketId ? open.Ticket.Secret
                    : open.CodeId == ticketId && open.WrongTries < options.CodeTries ? open.Ticket.CodeSecret : null;
                if (secret is null) continue;
                _open.Remove(open);
                return secret;
            }
            foreach (OpenTicket open in _open) open.WrongTries++;
            return null;
        }
    }

    public string OpenDash(TimeSpan lifetime)
    {
        string ticket = NewSecret();
        lock (_gate)
        {
            DropDead();
            _dash[ticket] = (clock.GetTimestamp(), lifetime);
        }
        return ticket;
    }

    public bool BurnDash(string ticket)
    {
        lock (_gate)
        {
            DropDead();
            return _dash.Remove(ticket);
        }
    }

    private void DropDead()
    {
        _open.RemoveAll(open => clock.GetElapsedTime(open.Since) >= options.TicketLifetime);
        foreach ((string ticket, (long since, TimeSpan lifetime)) in _dash)
        {
            if (clock.GetElapsedTime(since) >= lifetime) _dash.Remove(ticket);
        }
    }

    private static string NewSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
}
