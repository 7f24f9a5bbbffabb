using System.Diagnostics.Tracing;
using System.Globalization;
using System.Net;

namespace Soundings.Api;

/// <summary>What this process did beyond this machine since it started. <c>Sockets</c>: open now, as the system lists them; null where it does not say.</summary>
internal sealed record Outward(DateTimeOffset Since, long ConnectionsElsewhere, long NamesAsked, int? Sockets, int? SocketsElsewhere);

/// <summary>
/// The live proof that nothing leaves. Counts, from the runtime's own events, every connection this process opens and every name it has
/// looked up; and asks the system for the sockets that it holds. Every byte this process could send goes through one of them.
/// </summary>
internal sealed class OutwardWatch(TimeProvider clock) : EventListener
{
    private readonly DateTimeOffset _since = clock.GetUtcNow();
    private long _connections, _names;

    public Outward Look()
    {
        (int all, int elsewhere)? sockets = OperatingSystem.IsLinux() ? OwnSockets() : null;
        return new Outward(_since, Interlocked.Read(ref _connections), Interlocked.Read(ref _names), sockets?.all, sockets?.elsewhere);
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name is "System.Net.Sockets" or "System.Net.NameResolution") EnableEvents(eventSource, EventLevel.Informational);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventName == "ResolutionStart") Interlocked.Increment(ref _names);
        else if (eventData.EventName == "ConnectStart" && !IsHere(eventData.Payload is [string address, ..] ? address : "")) Interlocked.Increment(ref _connections);
    }

    /// <summary>As the runtime spells a socket's address: <c>InterNetwork:16:{127,16,127,0,0,1,…}</c>, port first. What cannot be read counts as elsewhere.</summary>
    internal static bool IsHere(string address)
    {
        int open = address.IndexOf('{', StringComparison.Ordinal);
        if (open < 0) return false;
        byte[] bytes = [.. address[(open + 1)..].TrimEnd('}').Split(',').Select(part => byte.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out byte value) ? value : (byte)255)];
        return address.StartsWith("InterNetworkV6", StringComparison.Ordinal) ? bytes.Length >= 22 && IPAddress.IsLoopback(new IPAddress(bytes.AsSpan(6, 16)))
            : address.StartsWith("InterNetwork", StringComparison.Ordinal) ? bytes.Length >= 6 && bytes[2] == 127
            : address.StartsWith("Unix", StringComparison.Ordinal);
    }

    /// <summary>Linux names the sockets of a process by number, and lists all sockets with their numbers and both their ends.</summary>
    private static (int All, int Elsewhere) OwnSockets()
    {
        HashSet<string> own = [];
        foreach (string file in Directory.EnumerateFileSystemEntries("/proc/self/fd"))
        {
            // One that was closed since it was listed leads nowhere.
            if (new FileInfo(file).LinkTarget is { } target && target.StartsWith("socket:[", StringComparison.Ordinal)) own.Add(target[8..^1]);
        }
        (int all, int elsewhere) = (0, 0);
        foreach (string table in (string[])["tcp", "tcp6", "udp", "udp6"])
        {
            if (!File.Exists("/proc/self/net/" + table)) continue;
            foreach (string line in File.ReadLines("/proc/self/net/" + table).Skip(1))
            {
                string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (fields.Length < 10 || !own.Contains(fields[9])) continue;
                all++;
                if (!IsLocal(fields[1]) || !IsLocal(fields[2])) elsewhere++;
            }
        }
        return (all, elsewhere);
    }

    /// <summary><c>0100007F:1F90</c>: the address in the machine's own order of bytes. A far end that there is not yet is all zeros.</summary>
    internal static bool IsLocal(string end)
    {
        string address = end.Split(':')[0];
        return address.Length == 8 ? address.EndsWith("7F", StringComparison.Ordinal) || address == "00000000"
            : address is "00000000000000000000000000000000" or "00000000000000000000000001000000"
                || address.StartsWith("0000000000000000FFFF0000", StringComparison.Ordinal) && address.EndsWith("7F", StringComparison.Ordinal);
    }
}
