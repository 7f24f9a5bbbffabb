using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Soundings.Api;
using Soundings.Pairing;
using Soundings.Tests.Cli;
using Soundings.Tests.Pairing;

namespace Soundings.Tests.Api;

/// <summary>Every route of the table, asked over a bare socket of the program as it ships, with the tokens that must not open it.</summary>
public sealed class RouteTests
{
    private static readonly string[] Extension = ["Origin: chrome-extension://abcdefghijklmnopabcdefghijklmnop"];

    private sealed record Row(string Method, string Path, Scopes Scopes);

    [Fact]
    public async Task T17_Every_route_has_its_row_and_every_row_its_route()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        HashSet<string> routes = [];
        foreach (RouteEndpoint endpoint in companion.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            string path = "/" + string.Join('/', endpoint.RoutePattern.PathSegments.Select(segment =>
                string.Concat(segment.Parts.Select(part => part is RoutePatternLiteralPart literal ? literal.Content : "{}"))));
            Scopes scopes = endpoint.Metadata.GetMetadata<Access>() is { } access ? access.Scopes : (Scopes)(-1);
            foreach (string method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["*"]) routes.Add($"{Names(scopes)} {method} {path}");
        }
        HashSet<string> rows = [.. Rows().Select(row => $"{Names(row.Scopes)} {row.Method} {row.Path}")];
        Assert.True(routes.SetEquals(rows), $"Write into routes.txt who may call it: {string.Join("; ", routes.Except(rows))}\nand take out what is gone: {string.Join("; ", rows.Except(routes))}");
    }

    [Fact]
    public async Task T17_Each_route_refuses_no_token_a_wrong_one_another_scopes_and_a_removed_browsers()
    {
        using TestFolder folder = new();
        using SoundingsProcess companion = await SoundingsProcess.ServeAsync(folder, "--port", "0");
        using Wire wire = new(new Uri(companion.Address).Port);
        Dictionary<Scopes, string> tokens = [];
        foreach (Scopes scope in (Scopes[])[Scopes.Ext, Scopes.Dash, Scopes.Cli])
            tokens[scope] = (await SoundingsProcess.RunAsync("token", "--scope", Names(scope), "--data", folder.Path)).Out.Trim();
        TestBrowser browser = new(wire);
        Assert.Null(await browser.PairAsync((await SoundingsProcess.RunAsync("connect", "--data", folder.Path)).Out.Trim().Split("#t=")[1]));
        Assert.Null(await browser.OpenSessionAsync());
        Assert.Equal("200", await StatusAsync(wire, new("GET", "/api/v1/stats", Scopes.None), browser.Token));
        Assert.Equal(200, (await wire.SendAsync("DELETE", "/api/v1/pair/clients/" + browser.ClientId, tokens[Scopes.Cli])).Status);

        List<string> faults = [];
        int refused = 0;
        foreach (Row row in Rows().Where(row => row.Scopes != Scopes.None))
        {
            await ExpectAsync(row, null, "401", "no token");
            await ExpectAsync(row, "A", "401", "a short token");
            await ExpectAsync(row, new string('A', 43), "401", "a wrong token");
            await ExpectAsync(row, browser.Token, "401", "a removed browser's token");
            foreach ((Scopes scope, string token) in tokens.Where(pair => (row.Scopes & pair.Key) == 0)) await ExpectAsync(row, token, "403", $"a token for {Names(scope)}");
        }
        Assert.Equal([], faults);
        Assert.True(refused > 150, $"only {refused} calls were tried");

        async Task ExpectAsync(Row row, string? token, string expected, string what)
        {
            string got = await StatusAsync(wire, row, token);
            if (got != expected) faults.Add($"{row.Method} {row.Path} with {what} answered {got}");
            refused++;
        }
    }

    [Fact]
    public async Task T16_A_token_opens_what_its_scope_allows_and_nothing_else()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        foreach (Row row in Rows().Where(row => row.Scopes != Scopes.None))
        {
            foreach (Scopes scope in (Scopes[])[Scopes.Ext, Scopes.Dash, Scopes.Cli])
            {
                string got = await StatusAsync(companion.Wire, row, companion.Token(scope));
                Assert.True((got == "403") == ((row.Scopes & scope) == 0), $"{row.Method} {row.Path} with {scope} answered {got}");
            }
        }
    }

    [Fact]
    public async Task T12_An_extension_that_knows_our_origin_and_spoofs_it_gets_nothing_without_our_token()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        TestBrowser browser = new(companion, Extension[0]["Origin: ".Length..]);
        Answer ticket = await companion.PostAsync("/api/v1/pair/ticket", companion.Token(Scopes.Cli), "{}");
        Assert.Null(await browser.PairAsync(((string)ticket.Json!["link"]!).Split("#t=")[1]));
        Assert.Null(await browser.OpenSessionAsync());
        foreach (string site in (string[])["none", "same-origin"])
        {
            string[] spoofed = [.. Extension, "Sec-Fetch-Site: " + site, "Sec-Fetch-Mode: cors"];
            foreach (Row row in Rows().Where(row => row.Scopes != Scopes.None)) Assert.Equal("401", await StatusAsync(companion.Wire, row, null, spoofed));
            Assert.Equal("200", await StatusAsync(companion.Wire, new("GET", "/api/v1/stats", Scopes.Ext), browser.Token, spoofed));
            // Its own origin with our token, were that ever copied.
            Assert.Equal("403", await StatusAsync(companion.Wire, new("GET", "/api/v1/stats", Scopes.Ext), browser.Token, "Origin: moz-extension://0b1c5a52-0000-4000-8000-000000000000", "Sec-Fetch-Site: " + site));
        }
    }

    [Fact]
    public async Task T1_The_companion_answers_at_127_0_0_1_and_nowhere_else()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        // Linux answers at every address of 127/8 and, where it has it, at ::1: a companion on all addresses would be found there.
        foreach (IPAddress other in (IPAddress[])[IPAddress.Parse("127.0.0.2"), IPAddress.IPv6Loopback])
        {
            using TcpClient client = new(other.AddressFamily);
            await Assert.ThrowsAsync<SocketException>(() => client.ConnectAsync(other, companion.Port));
        }
    }

    [Fact]
    public async Task T10_A_mistake_of_ours_says_nothing_of_the_inside()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync(null, new PairingOptions(),
            services => services.Replace(ServiceDescriptor.Singleton<Notices>(new BrokenNotices())));
        Answer answer = await companion.PostAsync("/api/v1/pair/request", null, """{"name":"x"}""");
        Assert.Equal((500, "internal"), (answer.Status, answer.ProblemName));
        Assert.Equal(["status", "title", "traceId", "type"], answer.Json!.AsObject().Select(member => member.Key).Order());
        Assert.DoesNotContain("canary", Encoding.UTF8.GetString(answer.Body), StringComparison.Ordinal);
    }

    private static async Task<string> StatusAsync(Wire wire, Row row, string? token, params string[] headers)
    {
        string method = row.Method == "*" ? "POST" : row.Method;
        List<string> lines = [$"{method} {row.Path.Replace("{}", "x", StringComparison.Ordinal)} HTTP/1.1", $"Host: 127.0.0.1:{wire.Port}", "Connection: close", .. headers];
        if (token is not null) lines.Add("Authorization: Bearer " + token);
        if (method == "POST") lines.AddRange(["Content-Type: application/json", "Content-Length: 1"]);
        string answer = await wire.RawAsync(Encoding.ASCII.GetBytes(string.Join("\r\n", lines) + "\r\n\r\n" + (method == "POST" ? "[" : "")));
        return answer.Length > 12 ? answer[9..12] : "nothing";
    }

    private static IEnumerable<Row> Rows()
    {
        foreach (string line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Api", "routes.txt")).Where(line => !line.StartsWith('#')))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            yield return new Row(words[^2], words[^1], words[..^2].Aggregate(Scopes.None, (scopes, word) => scopes | (word == "open" ? Scopes.None : Enum.Parse<Scopes>(word, ignoreCase: true))));
        }
    }

    private static string Names(Scopes scopes) => scopes switch
    {
        Scopes.None => "open",
        < 0 => "unsaid",
        _ => string.Join(' ', Enum.GetValues<Scopes>().Where(scope => scope != Scopes.None && scopes.HasFlag(scope)).Select(scope => scope.ToString().ToLowerInvariant())),
    };

    private sealed class BrokenNotices : Notices
    {
        public override void Say(string notice) => throw new InvalidOperationException("canary " + notice);
    }
}
