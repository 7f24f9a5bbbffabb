// The dashboard in a real browser against the real companion: who gets in, what it shows, and what it leaves alone.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";
import puppeteer from "puppeteer-core";
import { findBrowser } from "./lib/browsers.mjs";
import { startCompanion } from "./lib/companion.mjs";
import { until } from "./lib/until.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const dayMs = 24 * 60 * 60 * 1000;

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
    const { page, close } = await open();
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
    const first = await openAt(link);
    await first.close();
    const page = await (await browser.createBrowserContext()).newPage();
    await page.goto(link);
    await page.waitForSelector("#closed:not([hidden])");
    assert.match(await textOf(page, "#closed-why"), /used/);
    await page.browserContext().close();
  });

  test("the first page shows the figures the API gives", async () => {
    await seed();
    const { page, close } = await open();
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
    const { page, close } = await open();
    await page.$$eval("main details", (all) => {
      for (const one of all) one.open = true;
    });
    const rows = await page.$$eval("main section:has(.chart) tbody tr", (all) =>
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
      2,
      "the two groups of bars",
    );
    await close();
  });

  test("what is scored meanwhile appears by itself", async () => {
    const { page, close } = await open();
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
    const { page, close } = await open("items");
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

  test("filters narrow the list, stand in the address and come back with it", async () => {
    const { page, close } = await open("items");
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
    const { page, close } = await open("items");
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
    const { page, close } = await open("items");
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
    const { page, close } = await open("privacy");
    assert.equal(await textOf(page, "dd code"), companion.data);
    await close();
  });

  for (const scheme of ["light", "dark"])
    for (const path of ["", "items", "privacy"])
      test(`axe finds nothing serious on /${path} in ${scheme}`, async () => {
        const { page, close } = await open(path, { scheme });
        await page.$$eval("main details", (all) => {
          for (const one of all) one.open = true;
        });
        if (path === "items") {
          await page.click(".rows > li:nth-child(2) .row-line");
          await page.waitForSelector(".row-detail");
        }
        await page.evaluate(axe);
        const violations = await page.evaluate(async () => {
          // @ts-expect-error axe was put into the page just before
          const { violations } = await globalThis.axe.run(document);
          return violations.map((/** @type {any} */ one) => ({
            id: one.id,
            impact: one.impact,
            where: one.nodes.map((/** @type {any} */ node) => node.html.slice(0, 160)).slice(0, 3),
          }));
        });
        assert.deepEqual(violations, []);
        await close();
      });

  for (const width of [360, 1600])
    for (const path of ["", "items", "privacy"])
      test(`/${path} needs no sideways scrolling at ${width} px`, async () => {
        const { page, close } = await open(path, { width });
        const over = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        assert.ok(over <= 0, `${over} px too wide`);
        await close();
      });

  test("nothing shifts while the first page appears, and it appears soon", async () => {
    const { page, close } = await open();
    const { shift, firstMs } = await page.evaluate(async () => {
      const shifts = await new Promise((resolve) => {
        new PerformanceObserver((list) => resolve(list.getEntries())).observe({
          type: "layout-shift",
          buffered: true,
        });
        requestAnimationFrame(() => requestAnimationFrame(() => resolve([])));
      });
      return {
        shift: shifts.reduce((/** @type {number} */ sum, /** @type {any} */ one) => sum + one.value, 0),
        firstMs: performance.getEntriesByName("first-contentful-paint")[0].startTime,
      };
    });
    assert.ok(shift < 0.01, `layout shift ${shift}`);
    assert.ok(firstMs < 500, `first paint after ${firstMs} ms`);
    await close();
  });

  test("a companion that was restarted closes the page in plain words", async () => {
    const other = await startCompanion();
    const { link } = await other.ask("POST", "dash/ticket", {});
    const { page, close } = await openAt(link);
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

  /** Opens a page by a fresh one-time link. @param {string} [path] @param {{scheme?: string, width?: number}} [options] */
  async function open(path = "", options) {
    const { link } = await companion.ask("POST", "dash/ticket", {});
    const { origin, hash } = new URL(link);
    return openAt(`${origin}/${path}${hash}`, options);
  }

  /** In a browser context of its own; `close` asserts what no page may do. @param {string} link
   * @param {{scheme?: string, width?: number}} [options] */
  async function openAt(link, { scheme = "light", width = 1280 } = {}) {
    const context = await browser.createBrowserContext();
    const page = await context.newPage();
    /** @type {string[]} */
    const complaints = [];
    page.on("console", (message) => {
      if (["error", "warn"].includes(message.type())) complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("dialog", (dialog) => {
      complaints.push(`dialog ${dialog.message()}`);
      return dialog.dismiss();
    });
    page.on("request", (request) => {
      const url = request.url();
      if (!url.startsWith(`${new URL(link).origin}/`) && !url.startsWith("data:"))
        complaints.push(`asked ${url}`);
      if (/[?&](access_token|token|c|t)=/.test(url)) complaints.push(`a secret in ${url}`);
    });
    page.on("response", (response) => {
      if (response.headers()["set-cookie"]) complaints.push(`cookie from ${response.url()}`);
    });
    await page.setViewport({ width, height: 900 });
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    await page.goto(link);
    await page.waitForSelector("main h1:not(#closed h1)", { timeout: 15_000 });
    return {
      page,
      /** @param {{mayFail?: boolean}} [options] mayFail: the connection was cut on purpose */
      async close({ mayFail = false } = {}) {
        assert.equal(await page.evaluate(() => document.cookie), "");
        assert.deepEqual(await context.cookies(), []);
        assert.doesNotMatch(page.url(), /#c=/);
        await context.close();
        if (!mayFail) assert.deepEqual(complaints, []);
      },
    };
  }

  /** @param {import("puppeteer-core").Page} page @param {string} selector */
  async function textOf(page, selector) {
    return (await page.$eval(selector, (element) => element.textContent ?? "")).replace(/\s+/g, " ").trim();
  }

  /** @param {string} id @param {string} text */
  function comment(id, text, more = {}) {
    return { id, kind: "comment", site: "linkedin", text, author: { name: "Ada Bell" }, ...more };
  }

  /** The beginning of this week here. */
  function monday() {
    const start = new Date();
    start.setHours(0, 0, 0, 0);
    start.setDate(start.getDate() - ((start.getDay() + 6) % 7));
    return start;
  }

  /** Four weeks of what was written and read, the current week included. */
  async function seed() {
    const deep =
      "We tried this in 2021: the queue broke first, at about 400 orders a minute, so we moved it out.";
    const shallow = "Great post! Thanks for sharing";
    const items = [];
    for (let week = 0; week < 4; week++)
      for (let i = 0; i < 40; i++) {
        const at =
          week === 0
            ? Math.max(monday().getTime(), Date.now() - 1000 * i)
            : Date.now() - week * 6 * dayMs - i * 60_000;
        const mine = i < 12;
        const text = i % 4 === 0 ? `${deep} Case ${week}-${i}.` : `${shallow} ${week}-${i}`;
        items.push(
          comment(`s${week}-${i}`, text, {
            mine,
            site: i % 5 === 0 ? "facebook" : "linkedin",
            at: new Date(at).toISOString(),
          }),
        );
      }
    for (let from = 0; from < items.length; from += 100)
      await companion.ask("POST", "score", { observe: true, items: items.slice(from, from + 100) });
  }
});
