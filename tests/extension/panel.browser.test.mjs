// The side panel, its page opened as a tab: what is on screen, as it scrolls, each text with its card, and why there is nothing.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { troubles } from "./lib/axe.mjs";
import { startCompanion } from "./lib/companion.mjs";
import { browserNames, startExtended } from "./lib/extended.mjs";
import { savedPages } from "./lib/pages.mjs";
import { until } from "./lib/until.mjs";

/** @typedef {import("puppeteer-core").Page} Page */

const feed = savedPages().find(({ name }) => name === "linkedin-classic-feed");
if (!feed) throw new Error("the saved page these tests use was renamed: mend the name above");

for (const name of browserNames)
  describe(`In ${name}`, () => {
    /** @type {import("./lib/companion.mjs").Companion} */
    let companion;
    /** @type {import("./lib/extended.mjs").Extended} */
    let extended;

    before(async () => {
      [companion, extended] = await Promise.all([startCompanion(), startExtended(name)]);
    });
    after(async () => {
      await extended?.close();
      await companion?.end();
    });

    test("It says why it is empty: no site, no companion, paused, switched off", async () => {
      const alone = await extended.openOwnPage("pages/panel.html");
      await titleBecomes(alone, "Nothing to read here");
      await alone.close();
      await extended.tell({ kind: "mode", mode: "panel" });
      const site = await extended.openSite(feed.url, feed.html);
      const panel = await extended.openOwnPage("pages/panel.html", { apart: true });
      await titleBecomes(panel, "The companion is not running", "Not connected yet");
      assert.ok((await rowsOf(panel)).length > 0, "what is on screen is listed all the same");
      assert.deepEqual(await troubles(panel), []);

      const reply = await extended.tell({ kind: "pair", link: companion.link() });
      assert.equal(reply.paired, true, JSON.stringify(reply));
      await until(
        () => panel.$eval("#status", (box) => box.hasAttribute("hidden")),
        "nothing stands in the way",
      );
      await extended.tell({ kind: "pause", minutes: 60 });
      await until(async () => /^Paused until/.test(await titleOf(panel)), "it says that it is paused");
      await until(async () => (await rowsOf(panel)).length === 0, "and lists nothing");
      await press(panel, "#action");
      await until(async () => (await rowsOf(panel)).length > 0, "its button resumes");
      await extended.tell({ kind: "siteSwitch", site: "linkedin", on: false });
      await titleBecomes(panel, "LinkedIn is not read");
      await press(panel, "#action");
      await until(async () => (await rowsOf(panel)).length > 0, "its button switches the site on again");
      await site.page.close();
      await panel.close();
    });

    test("It lists what is on screen in the order of the page, and follows its scroll", async () => {
      const { site, panel } = await openBoth();
      const first = await rowsOf(panel);
      const all = (await site.inspect()).map(({ author }) => author);
      assert.ok(first.length < all.length, "the page is longer than the screen");
      assert.deepEqual(first, all.slice(0, first.length));
      await site.page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
      await until(async () => {
        const rows = await rowsOf(panel);
        return rows.at(-1) === all.at(-1) && rows.length < all.length && rows[0] !== all[0];
      }, "the last ones are listed and the first are not");
      assert.deepEqual(await troubles(panel), []);
      await site.page.close();
      await panel.close();
    });

    test("Its card labels, exempts and undoes, and only Show scrolls the page", async () => {
      const { site, panel } = await openBoth();
      const [{ key, author }] = await site.inspect();
      await press(panel, "li .summary");
      await until(() => panel.evaluate(isThere, ".buttons"), "the card offers it");
      await press(panel, "[data-does=superficial]");
      await until(async () => (await labelOf(companion, key)) === "superficial", "the label is stored");
      await until(() => panel.evaluate(isThere, "[data-does=undo]"), "the card offers it");
      await press(panel, "[data-does=undo]");
      await until(async () => !(await labelOf(companion, key)), "it is withdrawn");

      await until(() => panel.evaluate(isThere, "[data-does=never]"), "the card offers it");
      await press(panel, "[data-does=never]");
      await until(() => panel.evaluate(isThere, "[data-does=again]"), "the card offers it");
      assert.equal((await companion.ask("GET", "exempt")).exempt[0].name, author);
      await press(panel, "[data-does=again]");
      await until(() => panel.evaluate(isThere, "[data-does=never]"), "the card offers it");
      assert.deepEqual((await companion.ask("GET", "exempt")).exempt, []);

      await site.page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
      await panel.waitForSelector("li.away");
      const scrolled = await site.page.evaluate(() => scrollY);
      await press(panel, "li:not(.away) .summary");
      await panel.waitForSelector("li:not(.away) .summary[aria-expanded=true]");
      assert.equal(await site.page.evaluate(() => scrollY), scrolled, "reading in the panel scrolls nothing");
      assert.equal(
        await panel.$("li.away"),
        null,
        "what was read and has left the screen goes when it is closed",
      );
      await press(panel, "[data-does=show]");
      await until(async () => (await site.page.evaluate(() => scrollY)) !== scrolled, "Show does");
      await site.page.close();
      await panel.close();
    });

    test("The keyboard walks the list, opens a card and closes it", async () => {
      const { site, panel } = await openBoth();
      await panel.bringToFront();
      await panel.focus("li .summary");
      await panel.keyboard.press("ArrowDown");
      assert.equal(await panel.evaluate(indexOfFocus), 1);
      await panel.keyboard.press("Enter");
      await panel.waitForSelector("li:nth-child(2) .summary[aria-expanded=true]");
      assert.deepEqual(await troubles(panel), []);
      await panel.keyboard.press("Tab");
      await panel.keyboard.press("Escape");
      await panel.waitForSelector("li:nth-child(2) .summary[aria-expanded=false]");
      assert.equal(await panel.evaluate(indexOfFocus), 1, "the focus comes back to its text");
      await site.page.close();
      await panel.close();
    });

    test("A text that changed after the panel showed it is not labelled", async () => {
      const { site, panel } = await openBoth();
      const [{ key }] = await site.inspect();
      await press(panel, "li .summary");
      await until(() => panel.evaluate(isThere, ".buttons"), "the card offers it");
      const problem = await panel.evaluate(labelAsItWas, { tabId: site.tabId ?? 0, key });
      assert.match(problem, /^Not counted/);
      assert.equal(await labelOf(companion, key), undefined);
      await site.page.close();
      await panel.close();
    });

    async function openBoth() {
      if ((await extended.tell({ kind: "state" })).words === null)
        await extended.tell({ kind: "pair", link: companion.link() });
      await extended.tell({ kind: "mode", mode: "panel" });
      const site = await extended.openSite(/** @type {any} */ (feed).url, /** @type {any} */ (feed).html);
      const panel = await extended.openOwnPage("pages/panel.html", { apart: true });
      await until(
        () =>
          panel.$$eval(
            "li .number",
            (all) => all.length > 0 && all.every(({ textContent }) => textContent !== ""),
          ),
        "what is on screen is listed with its depth",
      );
      return { site, panel };
    }
  });

/** @param {Page} panel @returns {Promise<string>} */
const titleOf = (panel) =>
  panel.$eval("#status", (box) =>
    box.hasAttribute("hidden") ? "" : (box.querySelector("h2")?.textContent ?? ""),
  );
/** @param {Page} panel @param {string[]} titles one of them */
const titleBecomes = (panel, ...titles) =>
  until(async () => titles.includes(await titleOf(panel)), `the panel says “${titles.join("” or “")}”`);

/** The authors of the texts listed. @param {Page} panel @returns {Promise<(string | null)[]>} */
const rowsOf = (panel) => panel.$$eval("li .who", (all) => all.map(({ textContent }) => textContent));

/** @param {import("./lib/companion.mjs").Companion} companion @param {string} key */
async function labelOf(companion, key) {
  const { items } = await companion.ask("GET", "items?limit=100");
  return items.find((/** @type {any} */ item) => item.id === key)?.label ?? undefined;
}

/** Clicks what is there or comes, in the page or in an open card. @param {Page} panel @param {string} selector */
const press = (panel, selector) => until(() => panel.evaluate(click, selector), `${selector} can be clicked`);

// What follows runs in the panel's page.

/** @param {string} selector */
function click(selector) {
  const roots = [document, ...[...document.querySelectorAll("li > div")].map(({ shadowRoot }) => shadowRoot)];
  const found = roots.map((root) => root?.querySelector(selector)).find(Boolean);
  if (found instanceof HTMLElement) found.click();
  return Boolean(found);
}

/** @param {string} selector */
function isThere(selector) {
  return [...document.querySelectorAll("li > div")].some(({ shadowRoot }) =>
    shadowRoot?.querySelector(selector),
  );
}

function indexOfFocus() {
  return [...document.querySelectorAll(".summary")].indexOf(/** @type {Element} */ (document.activeElement));
}

/** Says over a line of its own what a panel would that has not heard yet of a change. @param {{tabId: number, key: string}} what
 * @returns {Promise<string>} */
function labelAsItWas({ tabId, key }) {
  return new Promise((resolve) => {
    const line = chrome.tabs.connect(tabId, { frameId: 0 });
    line.onMessage.addListener(({ kind, problem }) => kind === "done" && resolve(problem));
    line.postMessage({ kind: "act", does: "superficial", key, hash: "of another text" });
  });
}
