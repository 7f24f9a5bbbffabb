// The dashboard in a real browser against the real companion: who gets in, what it shows, and what it leaves alone.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import puppeteer from "puppeteer-core";
import { findBrowser } from "./lib/browsers.mjs";
import { startCompanion } from "./lib/companion.mjs";
import { comment, monday, open, openAt, pair, seed, textOf } from "./lib/dashboard.mjs";
import { until } from "./lib/until.mjs";

describe("the dashboard", () => {
  /** @type {import("./lib/companion.mjs").Companion} */
  let companion;
  /** @type {import("puppeteer-core").Browser} */
  let browser;

  before(async () => {
    companion = await startCompanion();
    browser = await puppeteer.launch({ executablePath: findBrowser("chromium"), args: ["--no-sandbox"] });
  });
  after(async () => {
    await browser?.close();
    await companion?.end();
  });

  test("an empty companion invites, and marks its sample as not the user's", async () => {
    const { page, close } = await open(browser, companion);
    assert.match(await textOf(page, "h1"), /Nothing has been read yet/);
    assert.equal(await textOf(page, ".sample-mark"), "Sample, not yours");
    await page.waitForSelector(".sample .rz-chart path");
    assert.equal(await page.$$eval("h1", (all) => all.filter((one) => one.checkVisibility()).length), 1);
    await close();
  });

  test("without a token the page says how to open it, and holds nothing else", async () => {
    const page = await browser.newPage();
    await page.goto(companion.address);
    await page.waitForSelector("#closed:not([hidden])");
    assert.match(await textOf(page, "#closed"), /Open dashboard/);
    assert.match(await textOf(page, "#closed"), /soundings/);
    assert.equal(await page.$("nav"), null);
    await page.close();
  });

  test("the circuit is refused without a token, with a wrong one and with another scope's", async () => {
    for (const path of ["_blazor/negotiate?negotiateVersion=1", "_blazor?id=x", "_blazor/disconnect"])
      for (const token of [undefined, "x", "e30.e30.e30"]) {
        const headers = token ? { Authorization: `Bearer ${token}` } : undefined;
        const reply = await fetch(`${companion.address}/${path}`, { method: "POST", headers });
        assert.equal(reply.status, 401, `${path} with ${token}`);
      }
    for (const scope of ["ext", "cli"]) {
      const headers = { Authorization: `Bearer ${companion.run("token", "--scope", scope).trim()}` };
      const reply = await fetch(`${companion.address}/_blazor/negotiate?negotiateVersion=1`, {
        method: "POST",
        headers,
      });
      assert.equal(reply.status, 403, scope);
    }
  });

  test("a link works once", async () => {
    const { link } = await companion.ask("POST", "dash/ticket", {});
    const first = await openAt(browser, link);
    await first.close();
    const page = await (await browser.createBrowserContext()).newPage();
    await page.goto(link);
    await page.waitForSelector("#closed:not([hidden])");
    assert.match(await textOf(page, "#closed-why"), /used/);
    await page.browserContext().close();
  });

  test("the first page shows the figures the API gives", async () => {
    await seed(companion);
    const { page, close } = await open(browser, companion);
    const stats = await companion.ask("GET", `stats?from=${encodeURIComponent(monday().toISOString())}`);
    const { n, substantive } = stats.mine;
    assert.ok(n >= 8 && substantive > 0, "the seed has a week to speak of");
    const share = `${Math.round((100 * substantive) / n)}%`;
    assert.equal(
      await textOf(page, "h1"),
      `${share} of what you wrote this week had substance: ${substantive} of ${n}.`,
    );
    const read = await page.$$eval(".bar-past .bar-figure", (all) => all[0].textContent);
    assert.equal(
      read,
      `${Math.round((100 * stats.others.substantive) / stats.others.n)}% (${stats.others.substantive} of ${stats.others.n})`,
    );
    assert.equal(await page.$$eval(".rows > li", (all) => all.length), 8);
    await close();
  });

  test("each chart has a table that says the same", async () => {
    const { page, close } = await open(browser, companion);
    await page.$$eval("main details", (all) => {
      for (const one of all) one.open = true;
    });
    const rows = await page.$$eval("[aria-labelledby=trend-title] tbody tr", (all) =>
      all.map((row) => [...row.children].map((cell) => cell.textContent)),
    );
    assert.equal(rows.length, 28);
    const { mine } = await companion.ask("GET", "stats");
    assert.equal(
      rows.reduce((sum, [, written]) => sum + Number(written), 0),
      mine.n,
      "all of the user's texts of the seed lie within the four weeks",
    );
    assert.equal(
      await page.$$eval("main section:has(.bar) table", (all) => all.length),
      3,
      "the three groups of bars",
    );
    await close();
  });

  test("what is scored meanwhile appears by itself", async () => {
    const { page, close } = await open(browser, companion);
    await companion.ask("POST", "score", {
      observe: true,
      items: [comment("live", "Noted just now: 17 of 20.")],
    });
    await until(
      () => page.$$eval(".rows .row-text", (all) => all.some((one) => one.textContent?.includes("17 of 20"))),
      "the new comment stands in the list",
    );
    await close();
  });

  test("an item is opened, labelled and unlabelled with the keyboard alone", async () => {
    const { page, close } = await open(browser, companion, "items");
    await page.focus(".rows > li:first-child .row-line");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".row-detail");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    const pressed = () =>
      page.$$eval(".labels [aria-pressed=true]", (all) => all.map((one) => one.textContent?.trim()).join());
    await until(async () => (await pressed()) === "substantive", "the label stands");
    const labelled = async () => (await companion.ask("GET", "items?limit=1")).items[0].label;
    assert.equal(await labelled(), "substantive");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await until(async () => (await pressed()) === "", "the label is taken back");
    assert.ok(!(await labelled()), "and in the store as well");
    await close();
  });

  test("a new page's heading has the focus, but whoever already stands on the page keeps it", async () => {
    const { page, close } = await open(browser, companion);
    const focused = () => page.evaluate(() => document.activeElement?.tagName);
    await page.click("nav a[href=items]");
    await until(async () => (await focused()) === "H1", "the heading has the focus");
    await page.focus(".rows > li:first-child .row-line");
    await page.evaluate(() => /** @type {any} */ (window).soundings.focusHeading());
    assert.equal(await focused(), "BUTTON");
    await close();
  });

  test("filters narrow the list, stand in the address and come back with it", async () => {
    const { page, close } = await open(browser, companion, "items");
    const shown = () =>
      page.$$eval(".row-meta", (all) => all.map((one) => /** @type {HTMLElement} */ (one).textContent ?? ""));
    await page.select(".filters label:nth-of-type(1) select", "facebook");
    await until(
      async () => (await shown()).every((one) => one.includes("Facebook")),
      "only Facebook is left",
    );
    assert.equal(new URL(page.url()).search, "?site=facebook");
    await page.reload();
    await page.waitForSelector(".rows");
    assert.ok((await shown()).every((one) => one.includes("Facebook")));
    await page.goBack();
    await close();
  });

  test("older items come page after page, each once", async () => {
    const { page, close } = await open(browser, companion, "items");
    const keys = () => page.$$eval(".rows .row-text", (all) => all.map((one) => one.textContent?.trim()));
    const first = (await keys()).length;
    await page.click(".more");
    await until(async () => (await keys()).length > first, "more are shown");
    const all = await keys();
    assert.equal(new Set(all).size, all.length);
    await close();
  });

  test("hostile text is shown as text", async () => {
    const text = `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script><b>bold</b> ${"=".repeat(300)}`;
    await companion.ask("POST", "score", { observe: true, items: [comment("hostile", text)] });
    const { page, close } = await open(browser, companion, "items");
    assert.ok(
      (await page.$$eval(".row-text", (all) => all.map((one) => one.textContent?.trim()))).includes(text),
    );
    await page.click(".rows > li:first-child .row-line");
    await page.waitForSelector(".row-detail");
    assert.equal(await page.$(".rows img, .rows script, .rows b"), null);
    assert.doesNotMatch(await page.title(), /owned/);
    await close();
  });

  test("the privacy page names the folder, and a browser removed there is gone", async () => {
    await pair(companion, "Test browser");
    const { page, close } = await open(browser, companion, "privacy");
    assert.equal(await textOf(page, "dd code"), companion.data);
    assert.match(await textOf(page, ".browsers tbody th"), /^Test browser \S+ \S+$/);
    await page.click(".revoke");
    await until(
      async () =>
        /Test browser was removed/.test(await textOf(page, "section:has(#browsers-title) [role=status]")),
      "it is said to be gone",
    );
    assert.equal(await page.$(".revoke"), null);
    assert.deepEqual((await companion.ask("GET", "pair/clients")).clients, []);
    await close();
  });

  test("a day's figure leads to the very items it counts", async () => {
    const { page, close } = await open(browser, companion);
    await page.click("[aria-labelledby=trend-title] summary");
    const [day, written] = await page.$eval("[aria-labelledby=trend-title] tbody tr", (row) =>
      [...row.children].map((cell) => cell.textContent),
    );
    await page.click("[aria-labelledby=trend-title] tbody a");
    await until(() => page.$(".filters"), "the items page is there");
    await until(
      async () => (await page.$$(".rows > li")).length === Number(written),
      `${written} items of ${day}`,
    );
    await close();
  });

  test("the goal is set with the keyboard in its place, and undone", async () => {
    const { page, close } = await open(browser, companion);
    await page.focus(".goal button");
    await page.keyboard.press("Enter");
    await until(() => page.evaluate(() => document.activeElement?.id === "goal"), "the field has the focus");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
    await until(async () => /Your goal is 21%/.test(await textOf(page, ".goal")), "the new goal");
    assert.match(await textOf(page, "[aria-labelledby=trend-title] figcaption"), /goal of 21%|goal is 21%/);
    await page.reload();
    await until(async () => (await page.$(".goal")) && /21%/.test(await textOf(page, ".goal")), "kept");
    await page.focus(".goal button");
    await page.keyboard.press("Enter");
    await until(() => page.evaluate(() => document.activeElement?.id === "goal"), "the field has the focus");
    await page.keyboard.press("Escape");
    await until(async () => /Your goal is 21%/.test(await textOf(page, ".goal")), "nothing was changed");
    await until(
      () => page.evaluate(() => document.activeElement?.matches(".goal button") === true),
      "the button has the focus again",
    );
    await page.keyboard.press("Enter");
    await until(() => page.evaluate(() => document.activeElement?.id === "goal"), "the field has the focus");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await until(async () => /Your goal is 20%/.test(await textOf(page, ".goal")), "changed again");
    await until(
      async () =>
        (await page.$$eval(".goal button", (all) => all.map((one) => one.textContent))).includes("Undo"),
      "undo is offered",
    );
    await page.focus(".goal button:last-child");
    await page.keyboard.press("Enter");
    await until(async () => /Your goal is 21%/.test(await textOf(page, ".goal")), "as before");
    await close();
  });

  test("a span chosen on the trend by key moves the figures below to it, and leads to its items", async () => {
    const { page, close } = await open(browser, companion, "?by=week");
    await until(() => page.$("[aria-label=From]"), "the handles are there");
    assert.match(await textOf(page, "#trend-title"), /Week by week/);
    // All but the first of the weeks: the same figures as of everything stored, since the seed is younger than that.
    await page.focus("[aria-label=From]");
    await page.keyboard.press("ArrowRight");
    await until(async () => /^\d+ \w+ – /.test(await textOf(page, ".brush-said span")), "the span is said");
    const { mine } = await companion.ask("GET", "stats");
    const share = `${Math.round((100 * mine.substantive) / mine.n)}% (${mine.substantive} of ${mine.n})`;
    assert.match(await textOf(page, ".brush-said span"), new RegExp(share.replace(/[()]/g, "\\$&")));
    assert.equal(await page.$eval(".bar-now .bar-figure", (one) => one.textContent), share);
    await page.focus(".brush-said a");
    await page.keyboard.press("Enter");
    await until(() => page.$(".filters"), "the items page is there");
    assert.match(page.url(), /[?&]whose=mine&from=\d{4}-\d\d-\d\d&to=\d{4}-\d\d-\d\d$/);
    assert.match(await textOf(page, ".filters"), /only \d+ \w+ – \d+ \w+/);
    await close();
  });

  test("a companion that was restarted closes the page in plain words", async () => {
    const other = await startCompanion();
    const { link } = await other.ask("POST", "dash/ticket", {});
    const { page, close } = await openAt(browser, link);
    const port = other.port;
    await other.kill();
    await page.waitForSelector("#waiting:not([hidden])", { timeout: 30_000 });
    const again = await startCompanion({ port, data: other.data });
    await page.waitForSelector("#closed:not([hidden])", { timeout: 30_000 });
    assert.match(await textOf(page, "#closed-why"), /restarted/);
    assert.equal(await page.evaluate(() => sessionStorage.length), 0);
    await close({ mayFail: true });
    await again.end();
  });
});
