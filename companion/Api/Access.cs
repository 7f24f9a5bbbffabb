namespace Soundings.Api;

/// <summary>What a token may do: the extension's, the dashboard's, or the command line's.</summary>
[Flags]
internal enum Scopes
{
    None = 0,
    Ext = 1,
    Dash = 2,
    Cli = 4,
}

/// <summary>How browsers come to an endpoint.</summary>
internal enum Surface
{
    /// <summary>By fetch from the extension or from our own page; JSON.</summary>
    Api,

    /// <summary>As a page of its own; a link on another site may lead to it, a frame may not.</summary>
    Page,

    /// <summary>As a style, script or picture of our own page.</summary>
    Asset,

    /// <summary>The dashboard's circuit: by fetch from our own page, but not JSON and not counted (gates G6 and G8 do not apply).</summary>
    Circuit,
}

/// <summary>
/// Who may call an endpoint; written on the endpoint itself, so that no spelling of a path can go round it.
/// An endpoint without it falls under <see cref="Fallback"/>: a forgotten one is closed, not open.
/// </summary>
internal sealed record Access(Scopes Scopes)
{
    /// <summary>Anyone on this machine may call it without a token. It must hold no user data.</summary>
    public bool Open { get; init; }

    /// <summary>How browsers come to it; decides which fetch metadata are in order.</summary>
    public Surface Surface { get; init; } = Surface.Api;

    /// <summary>Its own Content-Security-Policy; null for the strict one.</summary>
    public string? ContentPolicy { get; init; }

    /// <summary>Takes a whole file as its body, of any kind and up to 64 MiB: what it is, is told by its bytes.</summary>
    public bool Upload { get; init; }

    /// <summary>Counts against the few pairing attempts a minute.</summary>
    public bool PairingAttempt { get; init; }

    public static readonly Access Fallback = new(Scopes.Cli);
}

internal static class AccessExtensions
{
    public static TBuilder For<TBuilder>(this TBuilder builder, Scopes scopes) where TBuilder : IEndpointConventionBuilder =>
        builder.With(new Access(scopes));

    public static TBuilder Open<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder =>
        builder.With(new Access(Scopes.None) { Open = true });

    public static TBuilder With<TBuilder>(this TBuilder builder, Access access) where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint => endpoint.Metadata.Add(access));
        return builder;
    }
}
