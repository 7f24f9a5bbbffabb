// What a page shows, as the user chose: nothing at all, only what is substantive, or all of it, faded or not, and whom never.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startCompanion } from "./lib/companion.mjs";
import { browserNames, startExtended } from "./lib/extended.mjs";
import { savedPages } from "./lib/pages.mjs";
import { until } from "./lib/until.mjs";

/** @typedef {Awaited<ReturnType<import("./lib/extended.mjs").Extended["openSite"]>>} Site */

/** Two texts whose verdicts leave no doubt. */
const deep =
  "We cut readmissions from 9.1% to 6.4% in two quarters by giving nurses a rota they could plan around. What I do not know is whether it holds in winter.";
const shallow = "Great post!";

const saved = savedPages().find(({ name }) => name === "facebook-post-comments");
const feed = savedPages().find(({ name }) => name === "linkedin-classic-feed");
if (!saved || !feed) throw new Error("the saved pages these tests use were renamed: mend the names above");

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

    test("With the side panel nothing at all is added to the page", async () => {
      await extended.tell({ kind: "pause", minutes: 60 });
      await extended.tell({ kind: "mode", mode: "panel", fade: true });
      const site = await extended.openSite(saved.url, saved.html);
      const markup = await site.page.evaluate(() => document.documentElement.outerHTML);
      await extended.tell({ kind: "pause", minutes: 0 });
      await until(async () => {
        const items = await site.inspect();
        return items.length >= saved.expected.length && items.every(({ depth }) => depth !== null);
      }, "every item is scored");
      assert.equal(await site.page.evaluate(() => document.documentElement.outerHTML), markup);

      await extended.tell({ kind: "mode", mode: "every", fade: false });
      await site.marked(saved.expected.length);
      await extended.tell({ kind: "mode", mode: "panel" });
      await until(
        () => site.page.evaluate((before) => document.documentElement.outerHTML === before, markup),
        "a switch takes out whatever was there",
      );
      await extended.tell({ kind: "mode", mode: "every" });
      await site.marked(saved.expected.length);
      await site.page.close();
    });

    test("Fading veils a superficial text, pointing at it lifts the veil, a click lifts it for good", async () => {
      const site = await openTwo();
      const [plain, other] = [await pictureOf(site, 0), await pictureOf(site, 1)];
      await extended.tell({ kind: "mode", fade: true });
      await until(async () => (await pictureOf(site, 0)) !== plain, "the superficial text is veiled");
      assert.equal(await pictureOf(site, 1), other, "the substantive one is not");

      const at = await site.page.evaluate(middleOf, 0);
      await site.page.mouse.move(at.x, at.y);
      await until(async () => (await pictureOf(site, 0)) === plain, "pointing lifts the veil");
      await site.page.mouse.move(5, 5);
      await until(async () => (await pictureOf(site, 0)) !== plain, "it comes back");
      await site.page.mouse.click(at.x, at.y);
      await site.page.mouse.move(5, 5);
      await until(async () => (await pictureOf(site, 0)) === plain, "a click lifts it for good");
      await extended.tell({ kind: "mode", fade: false });
      await site.page.close();
    });

    test("Fading and the quiet mode betray no verdict to the page", async () => {
      const site = await openTwo();
      const plain = await pictureOf(site, 0);
      await extended.tell({ kind: "mode", mode: "quiet", fade: true });
      await until(async () => (await pictureOf(site, 0)) !== plain, "the veil is down");
      const seen = await site.page.evaluate(whatAPageCanTell);
      assert.equal(seen.length, 2);
      assert.deepEqual(seen[0], seen[1], "superficial and substantive look the same from the page");
      await extended.tell({ kind: "mode", mode: "every", fade: false });
      await site.page.close();
    });

    test("Whoever is exempt in the card is not marked at once, in every tab, until it is taken back", async () => {
      const site = await openTwo();
      const second = await extended.openSite(feed.url, feed.html);
      await second.marked(feed.expected.length);
      await site.page.bringToFront();
      const [item] = await site.inspect();
      await openCard(site, item);
      // After the two labels comes what is never wanted.
      for (const key of /** @type {const} */ (["Tab", "Tab", "Tab", "Enter"]))
        await site.page.keyboard.press(key);
      const ofAuthor = (/** @type {any} */ one) => one.author === item.author;
      for (const { inspect } of [site, second])
        await until(
          async () => (await inspect()).filter(ofAuthor).every(({ shown }) => !shown),
          "no mark of that author is left",
        );
      assert.ok(
        (await site.inspect()).some(({ shown }) => shown),
        "others keep theirs",
      );
      assert.equal((await companion.ask("GET", "exempt")).exempt[0].name, item.author);

      const popup = await extended.openOwnPage("pages/popup.html");
      await popup.waitForSelector("#exempt:not([hidden])");
      await popup.click("#exempt summary");
      await popup.click("#exempt-list button");
      for (const { inspect } of [site, second])
        await until(
          async () => (await inspect()).filter(ofAuthor).every(({ shown }) => shown),
          "marked again",
        );
      assert.deepEqual((await companion.ask("GET", "exempt")).exempt, []);
      await popup.close();

      // And in the card itself.
      await site.page.bringToFront();
      await site.page.keyboard.press("Escape");
      const [again] = await site.inspect();
      await openCard(site, again);
      for (const key of /** @type {const} */ (["Tab", "Tab", "Tab", "Enter"]))
        await site.page.keyboard.press(key);
      await until(async () => (await site.inspect()).filter(ofAuthor).every(({ shown }) => !shown), "exempt");
      for (const key of /** @type {const} */ (["Tab", "Tab", "Tab", "Enter"]))
        await site.page.keyboard.press(key);
      await site.marked(feed.expected.length);
      assert.deepEqual((await companion.ask("GET", "exempt")).exempt, []);
      await site.page.close();
      await second.page.close();
    });

    /** The feed with a superficial text in its first post and a substantive one in its second. */
    async function openTwo() {
      const site = await extended.openSite(feed.url, feed.html);
      await site.marked(feed.expected.length);
      await site.page.evaluate(setTexts, [shallow, deep]);
      await until(async () => {
        const items = await site.inspect();
        const verdictOf = (/** @type {string} */ text) =>
          items.find((item) => item.text === text && item.shown)?.verdict;
        return verdictOf(shallow) === "superficial" && verdictOf(deep) === "substantive";
      }, "both texts are judged");
      return site;
    }
  });

/** @param {Site} site @param {import("../../extension/protocol.js").InspectedItem} item */
async function openCard(site, { key, rect }) {
  if (!rect) throw new Error(`${key} has no mark`);
  await site.page.mouse.click(rect.x + rect.width / 2, rect.y + rect.height / 2);
  await until(
    async () => (await site.inspect()).find((one) => one.key === key)?.labelRects,
    "the card is ready",
  );
}

/** What is drawn where the n-th text stands. @param {Site} site @param {number} index */
async function pictureOf(site, index) {
  const clip = await site.page.evaluate(boxOf, index);
  return site.page.screenshot({ encoding: "base64", clip });
}

// What follows runs in the page's own world.

/** @param {string[]} texts */
function setTexts(texts) {
  const bodies = document.querySelectorAll(".update-components-text span[dir=ltr]");
  for (const [at, text] of texts.entries()) bodies[at].textContent = text;
}

/** @param {number} index */
function boxOf(index) {
  const body = document.querySelectorAll(".update-components-text span[dir=ltr]")[index];
  const { x, y, width, height } = body.getBoundingClientRect();
  return { x, y: y + scrollY, width, height };
}

/** @param {number} index */
function middleOf(index) {
  const body = document.querySelectorAll(".update-components-text span[dir=ltr]")[index];
  const { x, y, height } = body.getBoundingClientRect();
  return { x: x + 10, y: y + height / 2 };
}

/** All a page knows of what lies in and over its first two posts; Chromium even tells it what covers a text. */
async function whatAPageCanTell() {
  const bodies = [...document.querySelectorAll(".update-components-text span[dir=ltr]")].slice(0, 2);
  const occlusions = await Promise.all(
    bodies.map(
      (body) =>
        new Promise((resolve) => {
          const options = /** @type {any} */ ({ trackVisibility: true, delay: 100 });
          new IntersectionObserver(
            ([entry]) => resolve(/** @type {any} */ (entry).isVisible),
            options,
          ).observe(body);
        }),
    ),
  );
  return bodies.map((body, at) => {
    const unit = /** @type {Element} */ (body.closest(".feed-shared-update-v2"));
    const hosts = [...unit.querySelectorAll("span")].filter(
      (span) => span.attributes.length === 0 && span.childNodes.length === 0,
    );
    const { x, y, height } = body.getBoundingClientRect();
    return {
      covered: occlusions[at],
      hit: document.elementsFromPoint(x + 5, y + height / 2).includes(body),
      hosts: hosts.map((host) => {
        const { position, display, opacity } = getComputedStyle(host);
        return [host.offsetWidth, host.offsetHeight, position, display, opacity].join();
      }),
    };
  });
}
