// From the click to the companion's store: labels land once, survive a dead companion, and cannot be made by the page.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startCompanion } from "./lib/companion.mjs";
import { browserNames, startExtended } from "./lib/extended.mjs";
import { savedPages } from "./lib/pages.mjs";
import { until } from "./lib/until.mjs";

/** @typedef {import("../../extension/protocol.js").InspectedItem} InspectedItem */
/** @typedef {Awaited<ReturnType<import("./lib/extended.mjs").Extended["openSite"]>>} Site */

const feed = savedPages().find(({ name }) => name === "linkedin-classic-feed");
const thread = savedPages().find(({ name }) => name === "linkedin-sdui-post-comments");
if (!feed || !thread) throw new Error("the saved pages these tests use were renamed: mend the names above");

for (const name of browserNames)
  describe(`In ${name}`, () => {
    /** @type {import("./lib/companion.mjs").Companion} */
    let companion;
    /** @type {import("./lib/extended.mjs").Extended} */
    let extended;

    before(async () => {
      [companion, extended] = await Promise.all([startCompanion(), startExtended(name)]);
      const reply = await extended.tell({ kind: "pair", link: companion.link() });
      assert.equal(reply.paired, true, JSON.stringify(reply));
    });
    after(async () => {
      await extended?.close();
      await companion?.end();
    });

    test("A click on the mark opens the card, a click on a label lands in the store, and undo takes it back", async () => {
      const site = await extended.openSite(feed.url, feed.html);
      const [item] = await site.marked(feed.expected.length);
      await clickLabel(site, item.key, "superficial");
      await until(
        async () => (await labelsOf(companion)).get(item.key) === "superficial",
        "the label is stored",
      );
      await site.page.keyboard.press("Escape");
      await until(async () => (await find(site, item.key)).labelRects === null, "Escape closes the card");

      await openCard(site, item.key);
      // Undo is the first stop of the card's own tab order.
      await site.page.keyboard.press("Tab");
      await site.page.keyboard.press("Enter");
      await until(
        async () => (await labelsOf(companion)).get(item.key) === undefined,
        "the label is withdrawn",
      );
      await site.page.close();
    });

    test("The keyboard reaches a mark, opens its card and gives a label", async () => {
      const site = await extended.openSite(thread.url, thread.html);
      await site.marked(thread.expected.length);
      for (let stops = 0; stops < 60 && !(await site.page.evaluate(isOnHost)); stops++)
        await site.page.keyboard.press("Tab");
      assert.ok(await site.page.evaluate(isOnHost), "Tab finds a mark within 60 stops");
      await site.page.keyboard.press("Enter");
      const { key } = await until(
        async () => (await site.inspect()).find((item) => item.labelRects) ?? null,
        "the card is ready",
      );
      // The card is a dialog: its two labels are its only stops so far.
      await site.page.keyboard.press("Tab");
      await site.page.keyboard.press("Tab");
      await site.page.keyboard.press("Enter");
      await until(async () => (await labelsOf(companion)).get(key) === "substantive", "the label is stored");
      await site.page.close();
    });

    test("Labels given while the companion is dead are kept and land once it is back", async () => {
      const site = await extended.openSite(feed.url, feed.html);
      const items = await site.marked(feed.expected.length);
      const some = items.filter((item) => item.text !== "").slice(1, 4);
      await companion.kill();
      for (const [at, { key }] of some.entries())
        await clickLabel(site, key, at % 2 ? "superficial" : "substantive");
      const waiting = await extended.tell({ kind: "state", probe: true });
      assert.equal(waiting.connection.state, "no-companion");
      assert.equal(waiting.waiting, some.length);

      companion = await startCompanion({ port: companion.port, data: companion.data });
      await until(
        async () => (await extended.tell({ kind: "state" })).waiting === 0,
        "the outbox is empty",
        40_000,
      );
      const labels = await labelsOf(companion);
      assert.deepEqual(
        some.map(({ key }) => labels.get(key)),
        ["substantive", "superficial", "substantive"],
      );
      await site.page.close();
    });

    test("A page cannot label: not by synthetic events, not by focus, not by calls on the host", async () => {
      const site = await extended.openSite(feed.url, feed.html);
      await site.marked(feed.expected.length);
      const before = await labelsOf(companion);
      await site.page.evaluate(forge);
      assert.equal(
        (await site.inspect()).some((item) => item.labelRects),
        false,
        "no card opened",
      );
      const [item] = await site.inspect();
      await openCard(site, item.key);
      await site.page.evaluate(forge);
      assert.deepEqual(await labelsOf(companion), before);
      assert.equal((await extended.tell({ kind: "state" })).waiting, 0);
      await site.page.close();
    });

    for (const [how, css] of Object.entries({
      "makes everything see-through": "html { opacity: 0.05 }",
      "filters everything": "html { filter: opacity(0.02) }",
      "cuts everything": "html { clip-path: inset(0 0 99% 0) }",
      "blends everything": "body { mix-blend-mode: difference; opacity: 0.5 }",
    }))
      test(`A real click does not count while the page ${how}`, async () => {
        const site = await extended.openSite(feed.url, feed.html);
        const [, item] = await site.marked(feed.expected.length);
        const before = await labelsOf(companion);
        const rect = await openCard(site, item.key);
        await site.page.evaluate(
          (text) => document.head.insertAdjacentHTML("beforeend", `<style>${text}</style>`),
          css,
        );
        await site.page.mouse.click(rect.x + rect.width / 2, rect.y + rect.height / 2);
        await settled(site);
        assert.deepEqual(await labelsOf(companion), before);
        assert.equal((await extended.tell({ kind: "state" })).waiting, 0);
        await site.page.close();
      });

    test("A real click does not count through a cover, nor on a text that was swapped", async () => {
      const site = await extended.openSite(feed.url, feed.html);
      const [, item] = await site.marked(feed.expected.length);
      const before = await labelsOf(companion);
      const rect = await openCard(site, item.key);
      await site.page.evaluate(coverWithPopover);
      await site.page.mouse.click(rect.x + rect.width / 2, rect.y + rect.height / 2);
      await settled(site);
      assert.deepEqual(await labelsOf(companion), before);
      await site.page.close();

      const other = await extended.openSite(feed.url, feed.html);
      const [first] = await other.marked(feed.expected.length);
      const place = await openCard(other, first.key);
      await other.page.evaluate(() => {
        const body = document.querySelector(".update-components-text span[dir=ltr]");
        if (body) body.textContent = "Quite another text";
      });
      await other.page.mouse.click(place.x + place.width / 2, place.y + place.height / 2);
      await settled(other);
      assert.deepEqual(await labelsOf(companion), before);
      await other.page.close();
    });
  });

/** @param {Site} site @param {string} key */
async function find(site, key) {
  const item = (await site.inspect()).find((one) => one.key === key);
  if (!item) throw new Error(`${key} is not on the page`);
  return item;
}

/** Opens the card by a click on the middle of the mark; the place of the label "superficial" once a click on it counts.
 * @param {Site} site @param {string} key */
async function openCard(site, key) {
  await site.page.evaluate(() => getSelection()?.removeAllRanges());
  await bringIntoView(site, key);
  const { rect } = await find(site, key);
  if (!rect) throw new Error(`${key} has no mark`);
  await site.page.mouse.click(rect.x + rect.width / 2, rect.y + rect.height / 2);
  const rects = await until(async () => (await find(site, key)).labelRects, "the card is ready");
  return rects.superficial;
}

/** @param {Site} site @param {string} key @param {"superficial" | "substantive"} label */
async function clickLabel(site, key, label) {
  await openCard(site, key);
  const { labelRects } = await find(site, key);
  const rect = labelRects?.[label];
  if (!rect) throw new Error("the card closed");
  await site.page.mouse.click(rect.x + rect.width / 2, rect.y + rect.height / 2);
}

/** @param {Site} site @param {string} key */
async function bringIntoView(site, key) {
  const { rect } = await find(site, key);
  await site.page.evaluate((y) => window.scrollBy(0, y - 300), rect?.y ?? 0);
  await until(async () => {
    const now = (await find(site, key)).rect;
    return now && now.y > 0 && now.y < 800;
  }, "the mark is on screen");
}

/** Everything the click could have set off has happened: a message went to the worker and back after it.
 * @param {Site} site */
const settled = async (site) => {
  await site.page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
  );
  await site.inspect();
};

/** @param {import("./lib/companion.mjs").Companion} companion @returns {Promise<Map<string, string>>} */
async function labelsOf(companion) {
  const { items } = await companion.ask("GET", "items?limit=100");
  return new Map(
    items
      .filter((/** @type {any} */ item) => item.label)
      .map((/** @type {any} */ item) => [item.id, item.label]),
  );
}

// What follows runs in the page's own world.

function isOnHost() {
  const { activeElement } = document;
  return activeElement?.tagName === "SPAN" && activeElement.attributes.length === 0;
}

function forge() {
  const hosts = [...document.querySelectorAll("span")].filter(
    (span) => span.childNodes.length === 0 && [...span.attributes].every(({ name }) => name === "popover"),
  );
  for (const host of hosts) {
    host.click();
    host.focus();
    for (const type of ["pointerdown", "mousedown", "mouseup", "click"])
      host.dispatchEvent(new MouseEvent(type, { bubbles: true, composed: true, clientX: 500, clientY: 400 }));
    for (const key of ["Enter", " "])
      host.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, composed: true }));
  }
  window.postMessage({ kind: "label", label: "superficial" }, "*");
  document.dispatchEvent(new CustomEvent("soundings-label", { detail: { label: "superficial" } }));
}

function coverWithPopover() {
  const cover = document.createElement("div");
  cover.popover = "manual";
  cover.style.cssText =
    "position:fixed;inset:0;width:100vw;height:100vh;margin:0;border:0;background:#fff;pointer-events:none";
  cover.textContent = "Win a prize: click here";
  document.body.append(cover);
  cover.showPopover();
}
