using System.Net;
using System.Net.Sockets;
using System.Text;
using Soundings.Api;
using Soundings.Pairing;

namespace Soundings.Tests.Api;

/// <summary>The gates where a single request cannot show them: time, load, and sizes on the wire.</summary>
public sealed class GuardTests
{
    [Fact]
    public async Task An_endpoint_that_says_nothing_is_for_the_command_line_alone()
    {
        Assert.Equal(Scopes.Cli, Access.Fallback.Scopes);
        Assert.False(Access.Fallback.Open);
        await using TestCompanion companion = await TestCompanion.StartAsync();
        Assert.Equal(401, (await companion.GetAsync("/nothing/of/ours", null)).Status);
        Assert.Equal(404, (await companion.GetAsync("/nothing/of/ours", companion.Token(Scopes.Ext))).Status);
    }

    [Fact]
    public async Task A_token_is_held_to_its_rate_and_the_others_are_not()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync(null, new PairingOptions { RequestsPerSecond = 10, RequestBurst = 20 });
        string fast = companion.Token(Scopes.Cli), slow = companion.Token(Scopes.Cli);
        for (int i = 0; i < 20; i++) Assert.Equal(404, (await companion.GetAsync("/none", fast)).Status);
        Answer refused = await companion.GetAsync("/none", fast);
        Assert.Equal(429, refused.Status);
        Assert.Equal("1", refused.Headers["Retry-After"]);
        Assert.Equal(404, (await companion.GetAsync("/none", slow)).Status);
        companion.Clock.Pass(TimeSpan.FromSeconds(1));
        for (int i = 0; i < 10; i++) Assert.Equal(404, (await companion.GetAsync("/none", fast)).Status);
        Assert.Equal(429, (await companion.GetAsync("/none", fast)).Status);
    }

    [Fact]
    public async Task A_thousand_wrong_tokens_lock_nobody_out()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        string token = companion.Token(Scopes.Cli);
        for (int i = 0; i < 1000; i++)
        {
            Assert.Equal(401, (await companion.GetAsync("/api/v1/stats", $"wrong{i}")).Status);
            if (i % 100 == 0) Assert.Equal(200, (await companion.GetAsync("/api/v1/stats", token)).Status);
        }
    }

    [Fact]
    public async Task A_large_body_in_chunks_is_refused()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        StringBuilder request = new($"POST /api/v1/score HTTP/1.1\r\nHost: 127.0.0.1:{companion.Port}\r\nAuthorization: Bearer {companion.Token(Scopes.Cli)}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
        string chunk = new(' ', 0x8000);
        for (int sent = 0; sent < 2_600_000; sent += chunk.Length) request.Append("8000\r\n").Append(chunk).Append("\r\n");
        request.Append("0\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 413", await companion.RawAsync(Encoding.ASCII.GetBytes(request.ToString())), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_large_body_is_refused_before_it_is_sent()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        string request = $"POST /api/v1/score HTTP/1.1\r\nHost: 127.0.0.1:{companion.Port}\r\nAuthorization: Bearer {companion.Token(Scopes.Cli)}\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nConnection: close\r\nContent-Length: 1048577\r\n\r\n";
        Assert.StartsWith("HTTP/1.1 413", await companion.RawAsync(Encoding.ASCII.GetBytes(request)), StringComparison.Ordinal);
        // And a client that sends it all regardless still reads the answer.
        Assert.Equal(413, (await companion.PostAsync("/api/v1/score", companion.Token(Scopes.Cli), new string(' ', 2_000_000))).Status);
    }

    [Fact]
    public async Task A_body_of_a_byte_a_second_is_given_up_within_ten_seconds()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        string head = $"POST /api/v1/score HTTP/1.1\r\nHost: 127.0.0.1:{companion.Port}\r\nAuthorization: Bearer {companion.Token(Scopes.Cli)}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{{";
        long start = TimeProvider.System.GetTimestamp();
        string answer = await companion.RawAsync(Encoding.ASCII.GetBytes(head));
        Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal);
        Assert.InRange(TimeProvider.System.GetElapsedTime(start).TotalSeconds, 0, 10);
    }

    [Fact]
    public async Task Two_hundred_idle_connections_hold_nobody_up()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        List<TcpClient> idle = [];
        for (int i = 0; i < 200; i++)
        {
            TcpClient client = new();
            await client.ConnectAsync(IPAddress.Loopback, companion.Port);
            idle.Add(client);
        }
        string token = companion.Token(Scopes.Cli);
        Assert.Equal(200, (await companion.GetAsync("/api/v1/stats", token)).Status);
        long start = TimeProvider.System.GetTimestamp();
        Assert.Equal(200, (await companion.GetAsync("/api/v1/stats", token)).Status);
        Assert.InRange(TimeProvider.System.GetElapsedTime(start).TotalMilliseconds, 0, 250);
        idle.ForEach(client => client.Dispose());
    }

    [Fact]
    public void The_list_of_problems_is_closed_and_each_has_its_own_type()
    {
        Assert.Equal(ProblemTypes.All.Count, ProblemTypes.All.Select(problem => problem.Type).Distinct().Count());
        IEnumerable<object?> fields = typeof(ProblemTypes).GetFields().Select(field => field.GetValue(null));
        Assert.Equal(fields.Count(), ProblemTypes.All.Count);
    }
}
