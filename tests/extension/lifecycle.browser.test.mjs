// What happens around the marks: an update under open pages, the quiet mode, the words a reason points to.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { startCompanion } from "./lib/companion.mjs";
import { browserNames, startExtended } from "./lib/extended.mjs";
import { savedPages } from "./lib/pages.mjs";
import { until } from "./lib/until.mjs";

const saved = savedPages().find(({ name }) => name === "linkedin-classic-feed");
if (!saved) throw new Error("the saved page these tests use was renamed: mend the name above");
const count = saved.expected.length;

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

    test("A reason's words are found in the page, over links, line breaks and hidden characters", async () => {
      const source = readFileSync(new URL("../../extension/content/quote.js", import.meta.url), "utf8");
      const page = await extended.browser.newPage();
      await page.setContent(
        `<p id="t" style="width:120px">We tried <b>this</b> in\u034f 2021:<br>the <a href="#">queue broke</a>\u200b first.</p>`,
      );
      const found = await page.evaluate((code) => {
        const quote = new Function(`${code}; return Quote;`)();
        const text = "We tried this in 2021:\nthe queue broke first.";
        const rects = (/** @type {string} */ words) =>
          quote
            .over(document.getElementById("t"), text, { start: text.indexOf(words), length: words.length })
            .map((/** @type {HTMLElement} */ flash) =>
              [flash.style.left, flash.style.width].map(Number.parseFloat),
            );
        const link = /** @type {Element} */ (document.querySelector("a")).getClientRects();
        return {
          link: [...link].map(({ left, width }) => [left, width]),
          quoted: rects("queue broke"),
          across: rects("this in 2021").length,
          absent: quote.over(document.getElementById("t"), "x", { start: 0, length: 1 }).length,
        };
      }, source);
      assert.deepEqual(rounded(found.quoted), rounded(found.link));
      assert.ok(found.across >= 2, "one rectangle a line and piece");
      assert.equal(found.absent, 0);
      await page.close();
    });

    test("In quiet mode every item keeps its host, and only substantive ones can be seen", async () => {
      const site = await extended.openSite(saved.url, saved.html);
      const items = await site.marked(count);
      assert.ok(
        items.some(({ verdict }) => verdict === "superficial") &&
          items.some(({ verdict }) => verdict === "substantive"),
      );
      const inPlace = await site.page.evaluate(hostPlaces);
      await extended.tell({ kind: "mode", mode: "quiet" });
      const shallow = items.find(
        ({ verdict, rect }) => verdict === "superficial" && rect && rect.y > 0 && rect.y < 800,
      );
      const deep = items.find(
        ({ verdict, rect }) => verdict === "substantive" && rect && rect.y > 0 && rect.y < 800,
      );
      assert.ok(shallow?.rect && deep?.rect, "one of each is on screen");
      const [shallowRect, deepRect] = [shallow.rect, deep.rect];
      await site.page.mouse.move(2, 2);
      await until(
        async () => (await colours(site.page, shallowRect)) === 1,
        "the shallow item shows nothing",
      );
      assert.ok((await colours(site.page, deepRect)) > 1, "the deep item still shows its mark");
      await site.page.mouse.move(shallowRect.x + 5, shallowRect.y + 5);
      await until(
        async () => (await colours(site.page, shallowRect)) > 1,
        "pointing at an item shows its mark",
      );
      assert.deepEqual(await site.page.evaluate(hostPlaces), inPlace, "the page cannot tell the modes apart");
      await extended.tell({ kind: "mode", mode: "every" });
      await site.page.close();
    });

    // Last: in Chromium an extension that was loaded from outside does not come back from its own reload.
    test("An update under an open page leaves no mark that no longer works, and never two for one item", async () => {
      const site = await extended.openSite(saved.url, saved.html);
      await site.marked(count);
      await site.page.evaluate(() => {
        const bare = [...document.querySelectorAll("span:empty")].filter(
          (span) => span.attributes.length === 0,
        );
        Object.assign(window, { old: bare.filter((span) => span.getBoundingClientRect().height === 0) });
      });
      await extended.reload();
      await until(
        () =>
          site.page.evaluate(() =>
            /** @type {any} */ (window).old.every((/** @type {Element} */ host) => !host.isConnected),
          ),
        "the old marks are gone",
      );
      assert.ok((await site.page.evaluate(hostPlaces)).length <= count);
      await site.page.close();
    });
  });

/** @param {number[][]} rects */
const rounded = (rects) => rects.map((numbers) => numbers.map(Math.round));

/** How many colours a piece of the screen has: one is empty ground. @param {import("puppeteer-core").Page} page
 * @param {import("../../extension/protocol.js").Rect} rect */
async function colours(page, { x, y, width, height }) {
  const clip = { x: Math.floor(x), y: Math.floor(y), width: Math.ceil(width), height: Math.ceil(height) };
  const image = await page.screenshot({ clip, encoding: "base64" });
  return page.evaluate(async (data) => {
    const picture = new Image();
    picture.src = `data:image/png;base64,${data}`;
    await picture.decode();
    const context = /** @type {CanvasRenderingContext2D} */ (
      new OffscreenCanvas(picture.width, picture.height).getContext("2d")
    );
    context.drawImage(picture, 0, 0);
    const { data: bytes } = context.getImageData(0, 0, picture.width, picture.height);
    const seen = new Set();
    for (let at = 0; at < bytes.length; at += 4) seen.add(bytes.slice(at, at + 3).join());
    return seen.size;
  }, image);
}

/** Where the bare spans stand that a page can see of us. */
function hostPlaces() {
  return [...document.querySelectorAll("span:empty")]
    .filter((span) => span.attributes.length === 0 && span.getBoundingClientRect().height === 0)
    .map((span) => {
      const { x, y, width, height } = span.getBoundingClientRect();
      return [x, y, width, height, getComputedStyle(span).opacity];
    });
}
