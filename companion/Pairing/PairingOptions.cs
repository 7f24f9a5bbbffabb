namespace Soundings.Pairing;

/// <summary>Every knob of pairing and sessions. All times run on the monotonic clock, so that a clock set back or forth changes nothing.</summary>
internal sealed record PairingOptions
{
    /// <summary>How long a one-time link or code lives. Long enough to walk through two windows, too short to be worth guessing.</summary>
    public TimeSpan TicketLifetime { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Open tickets at once; one more and the oldest goes.</summary>
    public int MaxOpenTickets { get; init; } = 3;

    /// <summary>Attempts with an unknown ticket while a typed code is open; then that code is gone (50 bits, so this is caution, not need).</summary>
    public int CodeTries { get; init; } = 5;

    /// <summary>Pairing attempts a minute, all callers together. One more: 429.</summary>
    public int AttemptsPerMinute { get; init; } = 5;

    /// <summary>A browser's session. The extension opens the next one by itself.</summary>
    public TimeSpan SessionLifetime { get; init; } = TimeSpan.FromSeconds(900);

    /// <summary>A session that was opened but never used, for instance by a stranger who knows a client id.</summary>
    public TimeSpan UnusedSessionLifetime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Sessions opened and not used yet; one more and the oldest goes.</summary>
    public int MaxUnusedSessions { get; init; } = 64;

    /// <summary>The dashboard's token dies after this long without a call.</summary>
    public TimeSpan DashIdle { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>A link to the dashboard that a program asked for and opens at once.</summary>
    public TimeSpan DashTicketLifetime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The link printed at start, which waits for a person to read it.</summary>
    public TimeSpan PrintedDashTicketLifetime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A token asked for on the command line, for scripts.</summary>
    public TimeSpan MintedLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Requests a second that one token may make over time, and how many at once before that (gate G8).</summary>
    public double RequestsPerSecond { get; init; } = 100;

    public int RequestBurst { get; init; } = 300;
}
