using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Soundings.Api;

/// <summary>How Kestrel listens: the literal 127.0.0.1, HTTP/1.1 alone, and the limits of gate G7.</summary>
internal static class Listening
{
    /// <summary>Tried in order. Below Linux's ephemeral range, on no browser's list of unsafe ports; the extension probes the same five.</summary>
    public static readonly IReadOnlyList<int> Ports = [28417, 28427, 28437, 28447, 28457];

    /// <summary>Bytes in one request body. A batch of 100 items with parents is a third of it; past it: 413.</summary>
    public const long MaxBodyBytes = 1024 * 1024;

    public static void Configure(KestrelServerOptions kestrel, int port)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
        kestrel.Limits.MaxConcurrentConnections = 1000;
        kestrel.Limits.MaxConcurrentUpgradedConnections = 0;
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        // 240 bytes a second after 5 s of grace: a body of a byte a second ends in 408 within 10 s.
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(240, TimeSpan.FromSeconds(5));
        kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1);
    }
}
