using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Soundings.Api;

namespace Soundings.Pairing;

/// <summary>What stands behind one bearer token, in memory only: a restart ends them all.</summary>
internal sealed class Session(Scopes scopes, Budget budget)
{
    public Scopes Scopes { get; } = scopes;
    public Budget Budget { get; } = budget;

    /// <summary>The paired browser it belongs to; null for the dashboard and the command line.</summary>
    public string? ClientId { get; init; }

    /// <summary>The extension's origin, seen when it paired.</summary>
    public string? Origin { get; init; }

    /// <summary>Proves our answers to the browser; null where nobody asks for a proof.</summary>
    public byte[]? ProofKey { get; init; }

    /// <summary>How long it lives from <see cref="Since"/>, which a sliding session moves at every use.</summary>
    public TimeSpan Lifetime { get; init; }

    public bool Sliding { get; init; }

    /// <summary>Monotonic time from which the lifetime counts.</summary>
    public long Since { get; set; }

    public bool Used { get; set; }
}

/// <summary>All open sessions, found by the hash of their token: nothing that a timing could tell about a token is ever compared.</summary>
internal sealed class Sessions(PairingOptions options, TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, Session> _open = new(StringComparer.Ordinal);
    private readonly Lock _opening = new();

    /// <summary>A session for a browser, under the token that both sides derived.</summary>
    public void OpenForClient(string token, string clientId, string? origin, byte[] proofKey)
    {
        lock (_opening)
        {
            DropDead();
            List<KeyValuePair<string, Session>> unused = [.. _open.Where(pair => pair.Value is { Used: false, ClientId: not null })];
            if (unused.Count >= options.MaxUnusedSessions) _open.TryRemove(unused.MinBy(pair => pair.Value.Since));
            _open[HashOf(token)] = new Session(Scopes.Ext, NewBudget())
            {
                ClientId = clientId,
                Origin = origin,
                ProofKey = proofKey,
                Lifetime = options.SessionLifetime,
                Since = clock.GetTimestamp(),
            };
        }
    }

    /// <summary>A token of 256 random bits with one scope and no browser behind it.</summary>
    public string Mint(Scopes scope, TimeSpan lifetime, bool sliding = false)
    {
        string token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        lock (_opening)
        {
            DropDead();
            _open[HashOf(token)] = new Session(scope, NewBudget()) { Lifetime = lifetime, Sliding = sliding, Since = clock.GetTimestamp(), Used = true };
        }
        return token;
    }

    public Session? Find(string token)
    {
        if (!_open.TryGetValue(HashOf(token), out Session? session) || IsDead(session)) return null;
        session.Used = true;
        if (session.Sliding) session.Since = clock.GetTimestamp();
        return session;
    }

    /// <summary>The browser's sessions end with the next request.</summary>
    public void Revoke(string clientId)
    {
        foreach (KeyValuePair<string, Session> pair in _open)
        {
            if (pair.Value.ClientId == clientId) _open.TryRemove(pair);
        }
    }

    private bool IsDead(Session session)
    {
        TimeSpan age = clock.GetElapsedTime(session.Since);
        return age >= session.Lifetime || (!session.Used && age >= options.UnusedSessionLifetime);
    }

    private void DropDead()
    {
        foreach (KeyValuePair<string, Session> pair in _open)
        {
            if (IsDead(pair.Value)) _open.TryRemove(pair);
        }
    }

    private Budget NewBudget() => new(options.RequestsPerSecond, options.RequestBurst, clock.TimestampFrequency);

    private static string HashOf(string token) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
