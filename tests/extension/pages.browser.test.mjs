// The extension's own pages: each cause of a missing connection in words, the one-click link, the typed code, the switches.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";
import { PORTS } from "../../extension/protocol.js";
import { troubles } from "./lib/axe.mjs";
import { startCompanion } from "./lib/companion.mjs";
import { browserNames, startExtended } from "./lib/extended.mjs";
import { savedPages } from "./lib/pages.mjs";
import { until } from "./lib/until.mjs";

const [saved] = savedPages();

for (const name of browserNames)
  describe(`In ${name}`, () => {
    /** @type {import("./lib/companion.mjs").Companion} */
    let companion;
    /** @type {import("./lib/extended.mjs").Extended} */
    let extended;

    before(async () => {
      // On a port of the list: the connect page is listened to nowhere else.
      [companion, extended] = await Promise.all([startCompanion({ port: null }), startExtended(name)]);
    });
    after(async () => {
      await extended?.close();
      await companion?.end();
    });

    test("The popup says that it is not connected, and a typed code connects", async () => {
      const popup = await extended.openOwnPage("pages/popup.html");
      await titleBecomes(popup, "Not connected yet");
      await popup.type("#code", "AAAAA-AAAAA");
      await popup.click("#code-form button");
      await until(
        async () => (await textOf(popup, "#code-result")).includes("two minutes"),
        "a wrong code is refused",
      );
      await popup.$eval(
        "#code",
        (input, code) => {
          /** @type {HTMLInputElement} */ (input).value = code;
        },
        companion.code().toLowerCase(),
      );
      await popup.click("#code-form button");
      await titleBecomes(popup, "Connected");
      assert.deepEqual(await troubles(popup), []);
      await popup.close();
      await extended.tell({ kind: "forget" });
    });

    test("The one-time link opens the consent page, and its button connects", async () => {
      const link = companion.link();
      const page = await extended.browser.newPage();
      await page.goto(link, { waitUntil: "domcontentloaded" });
      await until(() => page.evaluate(() => location.hash === ""), "the ticket is taken out of the address");
      const consent = await until(() => extended.findOwnPage("pages/pair.html"), "the consent page opens");
      await until(
        () => consent.$eval("#consent", (section) => !(/** @type {HTMLElement} */ (section).hidden)),
        "it asks",
      );
      assert.match(await textOf(consent, "#address"), new RegExp(`127.0.0.1:${companion.port}`));
      assert.deepEqual(await troubles(consent), []);
      await consent.click("#connect");
      await until(
        async () => /^\w+ \w+$/.test(await textOf(consent, "#words")),
        "both sides show the same two words",
      );
      await consent.click(".mode:last-of-type");
      await until(
        async () => (await extended.tell({ kind: "state" })).mode === "panel",
        "the mode is chosen where one connects",
      );
      assert.deepEqual(await troubles(consent), []);
      await extended.tell({ kind: "mode", mode: "every" });
      const { connection } = await extended.tell({ kind: "state", probe: true });
      assert.equal(connection.state, "connected");
      assert.deepEqual(await extended.tell({ kind: "pair", link }), {
        paired: false,
        why: "ticket-gone",
        port: companion.port,
      });
      const dashboard = await extended.tell({ kind: "openDashboard" });
      assert.deepEqual(dashboard, { opened: true });
      await consent.close();
      await page.close();
    });

    test("The popup counts the items, switches the site and pauses", async () => {
      const site = await extended.openSite(saved.url, saved.html);
      await site.marked(saved.expected.length);
      const popup = await extended.openOwnPage("pages/popup.html");
      const count = saved.expected.length;
      await until(
        async () => (await textOf(popup, "#page-text")) === `${count} items known here, ${count} marked.`,
        "it counts",
      );
      await popup.click("#site-on");
      await until(async () => (await site.inspect()).length === 0, "the site is switched off");
      await popup.click("#site-on");
      await site.marked(count);
      await popup.click("#pause");
      await titleMatches(popup, /^Paused until/);
      await until(async () => (await site.inspect()).length === 0, "all marks are gone while paused");
      await popup.click("#pause");
      await site.marked(count);
      await site.page.close();
      await popup.close();
    });

    test("It says so when a page shows posts and none is recognised", async () => {
      const blind = saved.html.replaceAll("feed-shared-update-v2", "x9").replaceAll("data-urn", "data-x");
      const site = await extended.openSite(saved.url, blind.replaceAll("data-id", "data-y"));
      const popup = await extended.openOwnPage("pages/popup.html");
      await until(
        async () => /^I recognise 0 of about \d+ posts here/.test(await textOf(popup, "#page-text")),
        "it says so",
      );
      await site.page.close();
      await popup.close();
    });

    test("Each reason for no connection has its own words", async (context) => {
      if (await othersRun(companion.port)) {
        context.skip("another program holds a port of the list on this machine");
        return;
      }
      const popup = await extended.openOwnPage("pages/popup.html");
      await titleBecomes(popup, "Connected");
      await companion.kill();
      await retry(popup, "The companion is not running");
      const { port, data } = companion;

      const stranger = await listen(port, (_request, response) => response.end("hello"));
      await retry(popup, `Another program answers on port ${port}`);
      await stranger.close();

      const newer = await listen(port, (_request, response) =>
        response.end(JSON.stringify({ product: "Soundings", protocol: 2, serverId: "x" })),
      );
      await retry(popup, "Extension and companion differ in version");
      await newer.close();

      // Answers everything as our companion would, but knows no secret: it must get no text and empty no outbox.
      /** @type {string[]} */
      const got = [];
      const { serverId } = await extended.tell({ kind: "state" });
      const impostor = await listen(port, (request, response) => {
        // A dashboard tab left open knocks as well, at its own addresses.
        if (request.url?.startsWith("/api/")) got.push(`${request.method} ${request.url}`);
        response.end(
          JSON.stringify({ product: "Soundings", protocol: 1, serverId, mac: "AA", nonceS: "AA" }),
        );
      });
      await retry(popup, "This is not your companion");
      assert.deepEqual([...new Set(got)].sort(), ["GET /api/v1/hello", "POST /api/v1/session"]);
      await impostor.close();

      companion = await startCompanion({ port, data });
      await until(
        async () => (await extended.tell({ kind: "state", probe: true })).connection.state === "connected",
        "it is back",
      );
      await popup.close();
    });
  });

/** @typedef {import("puppeteer-core").Page} Page */

/** @param {Page} page @param {string} selector @returns {Promise<string>} */
const textOf = (page, selector) => page.$eval(selector, (element) => element.textContent ?? "");

/** @param {Page} popup @param {string} title */
const titleBecomes = (popup, title) =>
  until(async () => (await textOf(popup, "#connection-title")) === title, `the popup says “${title}”`);
/** @param {Page} popup @param {RegExp} title */
const titleMatches = (popup, title) =>
  until(async () => title.test(await textOf(popup, "#connection-title")), `the popup says ${title}`);

/** @param {Page} popup @param {string} title */
async function retry(popup, title) {
  await until(async () => {
    await popup.evaluate(() => chrome.runtime.sendMessage({ kind: "state", probe: true }));
    return (await textOf(popup, "#connection-title")) === title;
  }, `the popup says “${title}”`);
}

/** Whether something else answers on a port of the list: it would be found instead of nothing. @param {number} ownPort */
async function othersRun(ownPort) {
  const others = PORTS.filter((port) => port !== ownPort);
  const answers = await Promise.allSettled(others.map((port) => fetch(`http://127.0.0.1:${port}/`)));
  return answers.some(({ status }) => status === "fulfilled");
}

/** @param {number} port @param {import("node:http").RequestListener} answer */
async function listen(port, answer) {
  assert.ok(PORTS.includes(port), "the companion took a port of the list");
  const server = createServer(answer);
  await new Promise((resolve) => server.listen(port, "127.0.0.1", () => resolve(null)));
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}
