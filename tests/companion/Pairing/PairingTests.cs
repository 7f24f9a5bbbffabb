using Soundings.Api;
using Soundings.Pairing;
using Soundings.Storage;
using Soundings.Tests.Api;

namespace Soundings.Tests.Pairing;

/// <summary>Connecting a browser and letting it go, over the wire.</summary>
public sealed class PairingTests
{
    private const string Extension = "chrome-extension://abcdefghijklmnopabcdefghijklmnop";

    [Fact]
    public async Task A_link_pairs_a_browser_whose_session_then_works_and_proves_its_answers()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        TestBrowser browser = new(companion, Extension);
        Assert.Null(await browser.PairAsync(await TicketAsync(companion)));
        Assert.Equal(companion.ServerId, browser.ServerId);
        Assert.Matches("^[a-z]+ [a-z]+$", browser.Words);
        Assert.Null(await browser.OpenSessionAsync());
        Assert.Equal(200, (await browser.CallAsync("POST", "/api/v1/score", """{"items":[{"id":"1","kind":"comment","text":"Great post!"}]}""")).Status);
        // Errors are proven as well: an impostor could not even refuse in our name.
        Assert.Equal(403, (await browser.CallAsync("GET", "/api/v1/items")).Status);
        Assert.Equal(400, (await browser.CallAsync("POST", "/api/v1/score", "{")).Status);

        Answer clients = await companion.GetAsync("/api/v1/pair/clients", companion.Token(Scopes.Dash));
        Assert.Equal(browser.Words, (string?)clients.Json!["clients"]![0]!["words"]);
        Assert.Equal(Extension, (string?)clients.Json["clients"]![0]!["origin"]);
    }

    [Fact]
    public async Task A_code_pairs_a_browser_as_a_link_does()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        Answer answer = await companion.PostAsync("/api/v1/pair/ticket", companion.Token(Scopes.Cli), "{}");
        string code = (string)answer.Json!["code"]!;
        Assert.Matches("^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$", code);
        TestBrowser browser = new(companion);
        Assert.Null(await browser.PairByCodeAsync(code));
        Assert.Null(await browser.OpenSessionAsync());
        // The link of the same ticket is used up with it.
        Assert.Equal("ticket-gone", await new TestBrowser(companion).PairAsync(Secret(answer)));
    }

    [Fact]
    public async Task A_ticket_works_once()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        string ticket = await TicketAsync(companion);
        Assert.Null(await new TestBrowser(companion).PairAsync(ticket));
        Assert.Equal("ticket-gone", await new TestBrowser(companion).PairAsync(ticket));
        Assert.Single(companion.Get<ClientStore>().All());
    }

    [Theory]
    [InlineData("mac")]
    [InlineData("nonceC")]
    [InlineData("name")]
    public async Task A_request_changed_on_its_way_is_refused_and_burns_the_ticket(string field)
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        string ticket = await TicketAsync(companion);
        Assert.Equal("wrong-proof", await new TestBrowser(companion).PairAsync(ticket, request => request[field] = Changed(request[field])));
        Assert.Equal("ticket-gone", await new TestBrowser(companion).PairAsync(ticket));
        Assert.Empty(companion.Get<ClientStore>().All());
    }

    [Fact]
    public async Task A_ticket_dies_after_two_minutes_of_monotonic_time_whatever_the_wall_clock_does()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        string late = await TicketAsync(companion);
        companion.Clock.SetWall(new DateTimeOffset(2031, 1, 1, 0, 0, 0, TimeSpan.Zero));
        companion.Clock.Pass(TimeSpan.FromSeconds(119));
        string fresh = await TicketAsync(companion);
        Assert.Null(await new TestBrowser(companion).PairAsync(late));
        companion.Clock.Pass(TimeSpan.FromSeconds(120));
        Assert.Equal("ticket-gone", await new TestBrowser(companion).PairAsync(fresh));
    }

    [Fact]
    public async Task The_fourth_open_ticket_takes_the_place_of_the_first()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        string[] tickets = [await TicketAsync(companion), await TicketAsync(companion), await TicketAsync(companion), await TicketAsync(companion)];
        Assert.Equal("ticket-gone", await new TestBrowser(companion).PairAsync(tickets[0]));
        Assert.Null(await new TestBrowser(companion).PairAsync(tickets[1]));
        Assert.Null(await new TestBrowser(companion).PairAsync(tickets[3]));
    }

    [Fact]
    public async Task Five_wrong_tries_end_a_code_but_not_the_link()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        Answer answer = await companion.PostAsync("/api/v1/pair/ticket", companion.Token(Scopes.Cli), "{}");
        for (int i = 0; i < 5; i++) Assert.Equal("ticket-gone", await new TestBrowser(companion).PairAsync("guess" + i));
        Assert.Equal("ticket-gone", await new TestBrowser(companion).PairByCodeAsync((string)answer.Json!["code"]!));
        Assert.Null(await new TestBrowser(companion).PairAsync(Secret(answer)));
    }

    [Fact]
    public async Task The_sixth_attempt_in_a_minute_is_told_to_wait()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync(null, new PairingOptions());
        for (int i = 0; i < 5; i++) Assert.Equal("ticket-gone", await new TestBrowser(companion).PairAsync("guess" + i));
        string ticket = await TicketAsync(companion);
        Answer refused = await companion.PostAsync("/api/v1/pair/request", null, """{"name":"x"}""");
        Assert.Equal(429, refused.Status);
        Assert.Equal("60", refused.Headers["Retry-After"]);
        Assert.Empty(companion.Opened);
        companion.Clock.Pass(TimeSpan.FromSeconds(60));
        Assert.Null(await new TestBrowser(companion).PairAsync(ticket));
    }

    [Fact]
    public async Task A_removed_browser_is_out_with_its_next_request_and_the_others_stay()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        TestBrowser gone = new(companion), stays = new(companion);
        Assert.Null(await gone.PairAsync(await TicketAsync(companion)));
        Assert.Null(await stays.PairAsync(await TicketAsync(companion)));
        Assert.Null(await gone.OpenSessionAsync());
        Assert.Null(await stays.OpenSessionAsync());
        Assert.Equal(200, (await companion.SendAsync("DELETE", "/api/v1/pair/clients/" + gone.ClientId, companion.Token(Scopes.Dash))).Status);
        Assert.Equal(401, (await gone.CallAsync("GET", "/api/v1/stats")).Status);
        Assert.Equal("not-paired", await gone.OpenSessionAsync());
        Assert.Equal(200, (await stays.CallAsync("GET", "/api/v1/stats")).Status);
        Assert.Equal(404, (await companion.SendAsync("DELETE", "/api/v1/pair/clients/" + gone.ClientId, companion.Token(Scopes.Dash))).Status);
    }

    [Fact]
    public async Task A_browsers_token_from_another_origin_is_refused()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        TestBrowser browser = new(companion, Extension);
        Assert.Null(await browser.PairAsync(await TicketAsync(companion)));
        Assert.Null(await browser.OpenSessionAsync());
        Assert.Equal(200, (await companion.SendAsync("GET", "/api/v1/stats", browser.Token, null, ("Origin", Extension))).Status);
        Assert.Equal(403, (await companion.SendAsync("GET", "/api/v1/stats", browser.Token, null, ("Origin", "chrome-extension://ponmlkjihgfedcbaponmlkjihgfedcba"))).Status);
    }

    [Fact]
    public async Task A_session_ends_after_a_quarter_of_an_hour_and_an_unused_one_after_half_a_minute()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        TestBrowser browser = new(companion);
        Assert.Null(await browser.PairAsync(await TicketAsync(companion)));
        Assert.Null(await browser.OpenSessionAsync());
        companion.Clock.Pass(TimeSpan.FromSeconds(31));
        Assert.Equal("session-expired", (await browser.CallAsync("GET", "/api/v1/stats")).ProblemName);

        Assert.Null(await browser.OpenSessionAsync());
        Assert.Equal(200, (await browser.CallAsync("GET", "/api/v1/stats")).Status);
        companion.Clock.Pass(TimeSpan.FromSeconds(899));
        Assert.Equal(200, (await browser.CallAsync("GET", "/api/v1/stats")).Status);
        companion.Clock.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal("session-expired", (await browser.CallAsync("GET", "/api/v1/stats")).ProblemName);
    }

    [Fact]
    public async Task A_restart_ends_sessions_and_keeps_pairings()
    {
        using TestFolder folder = new();
        TestBrowser browser;
        string serverId;
        await using (TestCompanion first = await TestCompanion.StartAsync(folder))
        {
            browser = new(first);
            serverId = first.ServerId;
            Assert.Null(await browser.PairAsync(await TicketAsync(first)));
            Assert.Null(await browser.OpenSessionAsync());
        }
        await using TestCompanion second = await TestCompanion.StartAsync(folder);
        Assert.Equal(serverId, second.ServerId);
        Assert.Equal("session-expired", (await second.GetAsync("/api/v1/stats", browser.Token)).ProblemName);
        Assert.Equal(browser.ClientId, second.Get<ClientStore>().All().Single().Id);
    }

    [Fact]
    public async Task A_stranger_who_knows_a_client_id_pushes_no_used_session_out()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        TestBrowser browser = new(companion);
        Assert.Null(await browser.PairAsync(await TicketAsync(companion)));
        Assert.Null(await browser.OpenSessionAsync());
        Assert.Equal(200, (await browser.CallAsync("GET", "/api/v1/stats")).Status);
        string nonce = Handshake.NewNonce();
        for (int i = 0; i < 100; i++) Assert.Equal(200, (await companion.PostAsync("/api/v1/session", null, new { clientId = browser.ClientId, nonceC = nonce })).Status);
        Assert.Equal(200, (await browser.CallAsync("GET", "/api/v1/stats")).Status);
    }

    [Fact]
    public async Task A_wish_to_pair_opens_the_page_with_a_link_that_works_and_grants_nothing_itself()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        Answer answer = await companion.PostAsync("/api/v1/pair/request", null, """{"name":"Firefox"}""");
        Assert.Equal(200, answer.Status);
        Assert.Equal(["expiresInSeconds"], answer.Json!.AsObject().Select(member => member.Key));
        string link = Assert.Single(companion.Opened);
        Assert.StartsWith($"http://127.0.0.1:{companion.Port}/connect#t=", link, StringComparison.Ordinal);
        Assert.Null(await new TestBrowser(companion).PairAsync(link[(link.IndexOf("t=", StringComparison.Ordinal) + 2)..link.IndexOf('&', StringComparison.Ordinal)]));
    }

    [Fact]
    public async Task The_dashboards_link_works_once_within_half_a_minute()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        string ticket = await DashTicketAsync(companion), late = await DashTicketAsync(companion);
        Answer session = await companion.PostAsync("/api/v1/dash/session", null, new { ticket });
        string token = (string)session.Json!["token"]!;
        Assert.Equal(200, (await companion.GetAsync("/api/v1/items", token)).Status);
        Assert.Equal("ticket-gone", (await companion.PostAsync("/api/v1/dash/session", null, new { ticket })).ProblemName);
        companion.Clock.Pass(TimeSpan.FromSeconds(30));
        Assert.Equal("ticket-gone", (await companion.PostAsync("/api/v1/dash/session", null, new { ticket = late })).ProblemName);

        companion.Clock.Pass(TimeSpan.FromMinutes(29));
        Assert.Equal(200, (await companion.GetAsync("/api/v1/items", token)).Status);
        companion.Clock.Pass(TimeSpan.FromMinutes(29));
        Assert.Equal(200, (await companion.GetAsync("/api/v1/items", token)).Status);
        companion.Clock.Pass(TimeSpan.FromMinutes(30));
        Assert.Equal(401, (await companion.GetAsync("/api/v1/items", token)).Status);
    }

    [Fact]
    public async Task Neither_ticket_nor_secret_nor_token_is_ever_sent()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        string ticket = await TicketAsync(companion);
        TestBrowser browser = new(companion);
        Assert.Null(await browser.PairAsync(ticket));
        Assert.Null(await browser.OpenSessionAsync());
        Client client = companion.Get<ClientStore>().All().Single();
        string nonce = Handshake.NewNonce();
        Answer session = await companion.PostAsync("/api/v1/session", null, new { clientId = client.Id, nonceC = nonce });
        string said = session.Json!.ToJsonString(), token = Handshake.SessionToken(client.Secret, nonce, (string)session.Json["nonceS"]!);
        Assert.DoesNotContain(token, said, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String(client.Secret)[..20], said, StringComparison.Ordinal);
        Answer list = await companion.GetAsync("/api/v1/pair/clients", companion.Token(Scopes.Cli));
        Assert.DoesNotContain("secret", list.Json!.ToJsonString(), StringComparison.OrdinalIgnoreCase);
    }

    private static async Task<string> TicketAsync(TestCompanion companion) =>
        Secret(await companion.PostAsync("/api/v1/pair/ticket", companion.Token(Scopes.Cli), "{}"));

    private static async Task<string> DashTicketAsync(TestCompanion companion)
    {
        Answer answer = await companion.PostAsync("/api/v1/dash/ticket", companion.Token(Scopes.Ext), "{}");
        return ((string)answer.Json!["link"]!).Split("#c=")[1];
    }

    private static string Secret(Answer ticket) => ((string)ticket.Json!["link"]!).Split("#t=")[1];

    private static string Changed(string value) => (value[0] == 'A' ? 'B' : 'A') + value[1..];
}
