// Marks in real browsers on saved pages: every item read and marked once, nothing moved, nothing given away to the page.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { siteOf } from "../../extension/protocol.js";
import { startCompanion } from "./lib/companion.mjs";
import { browserNames, startExtended } from "./lib/extended.mjs";
import { differences, savedPages } from "./lib/pages.mjs";
import { until } from "./lib/until.mjs";

/** @typedef {import("../../extension/protocol.js").InspectedItem} InspectedItem */

/** Rules under which careless insertion is felt at once: siblings, last children, gaps and bare elements all count. */
const touchyCss = `
  * + * { margin-top: 0.7px } :last-child { padding-bottom: 1.3px } :first-child { padding-left: 0.4px }
  span { display: block; min-height: 9px } :only-child { letter-spacing: 0.2px } a + * { margin-left: 0.9px }
  div { gap: 3px } :empty { min-width: 5px; min-height: 5px }`;
/** Nowhere but in links and spans does a child stand in a flow of text. */
const boxesCss = "div { display: flex; flex-direction: column; gap: 4px }";

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

    // Other sites are read after the user has allowed them, which no test can click.
    const covered = savedPages().filter(({ url }) => siteOf(new URL(url).hostname));
    for (const saved of covered)
      test(`Every item of ${saved.name} is read, marked once with the companion's score, and nothing moves`, async () => {
        await extended.tell({ kind: "pause", minutes: 60 });
        const site = await extended.openSite(saved.url, saved.html);
        await site.page.evaluate(rememberLayout);
        await extended.tell({ kind: "pause", minutes: 0 });
        const items = await site.marked(saved.expected.length);

        assert.deepEqual(differences(items, saved.expected, { soft: false }), []);
        assert.deepEqual(await site.page.evaluate(whatMoved), []);
        assert.equal(await site.page.evaluate(countHosts), items.length, "one anonymous host an item");
        assert.deepEqual(overlaps(items), [], "no mark lies on another");
        const scores = await scoresOf(companion, items);
        assert.deepEqual(
          items.map(({ key, depth, verdict }) => ({ key, depth, verdict })),
          scores,
        );
        await site.page.close();
      });

    test("Nothing moves on a page whose styles react to every further element", async () => {
      const saved = savedPages().filter(({ name }) => /classic-feed|sdui-post|facebook-post/.test(name));
      const pages = saved.flatMap((page) => [touchyCss, boxesCss].map((css) => ({ ...page, css })));
      for (const { url, html, expected, css } of pages) {
        await extended.tell({ kind: "pause", minutes: 60 });
        const touchy = html.replace("</head>", `<style>${css}</style></head>`);
        const site = await extended.openSite(url, touchy);
        await site.page.evaluate(rememberLayout);
        await extended.tell({ kind: "pause", minutes: 0 });
        await until(async () => {
          const seen = await site.inspect();
          return seen.length >= expected.length &&
            seen.every((item) => item.depth !== null) &&
            seen.every((item) => item.shown)
            ? seen
            : null;
        }, "every item finds a place even so");
        assert.deepEqual(await site.page.evaluate(whatMoved), []);
        await site.page.close();
      }
    });

    test("A page script learns no score from the page", async () => {
      const saved = savedPages()[0];
      await extended.tell({ kind: "pause", minutes: 60 });
      const site = await extended.openSite(saved.url, saved.html);
      // biome-ignore lint/performance/useDomNodeTextContent: what is rendered is what a page can read
      const textBefore = await site.page.evaluate(() => document.body.innerText);
      await extended.tell({ kind: "pause", minutes: 0 });
      const items = await site.marked(saved.expected.length);
      const [{ rect }] = items;
      assert.ok(rect);
      await site.page.mouse.click(rect.x + rect.width / 2, rect.y + rect.height / 2);
      await until(
        async () => (await site.inspect()).some((item) => item.labelRects),
        "a card is open as well",
      );
      const seen = await site.page.evaluate(
        spy,
        items.flatMap(({ depth, verdict }) => [String(depth), verdict]),
      );
      assert.equal(seen.text, textBefore);
      assert.deepEqual(seen.found, [], "window.find reaches no score");
      assert.deepEqual(seen.attributes, [], "hosts carry no attribute");
      assert.deepEqual(seen.sizes, ["0 0"], "every host has the same size");
      assert.equal(seen.markup.includes("substantive"), false);
      assert.equal(seen.markup.includes("extension://"), false);
      await site.page.close();
    });

    test("A recycled element never shows the mark of the item it held before", async () => {
      const saved = savedPages()[0];
      const site = await extended.openSite(saved.url, saved.html);
      const [first] = await site.marked(saved.expected.length);
      const report = await site.page.evaluate(recycle);
      assert.equal(report.hostsBefore, 1);
      assert.equal(report.hostsAfterMutation, 0, "gone before the next paint");
      const items = await until(async () => {
        const now = await site.inspect();
        return now.find((item) => item.id === "urn:li:activity:7999999999999999999" && item.shown)
          ? now
          : null;
      }, "the new item is marked");
      assert.equal(
        items.some((item) => item.key === first.key),
        false,
      );
      const [score] = await scoresOf(
        companion,
        items.filter((item) => item.id?.includes("79999")),
      );
      assert.equal(score.depth, items.find((item) => item.id?.includes("79999"))?.depth);

      await site.page.evaluate(emptyAll);
      await until(async () => (await site.inspect()).length === 0, "emptied units lose their marks");
      assert.equal(await site.page.evaluate(countHosts), 0);
      await site.page.close();
    });

    test("Items that stream in later are marked, also after a navigation within the page", async () => {
      const saved = savedPages()[0];
      const site = await extended.openSite(saved.url, saved.html);
      await site.marked(saved.expected.length);
      await site.page.evaluate(appendPosts, 3);
      await site.marked(saved.expected.length + 3);
      await site.page.evaluate(() => history.pushState(null, "", "/messaging/thread/1/"));
      await site.page.evaluate(appendPosts, 1);
      await until(async () => (await site.inspect()).length === 0, "direct messages are not read");
      await site.page.evaluate(() => history.pushState(null, "", "/feed/"));
      await site.page.evaluate(appendPosts, 1);
      await site.marked(saved.expected.length + 3);
      await site.page.close();
    });
  });

/** What the companion says when asked directly, in the inspected items' order. @param {import("./lib/companion.mjs").Companion} companion
 * @param {InspectedItem[]} items */
async function scoresOf(companion, items) {
  const textOf = new Map(items.map((item) => [item.id, item.text]));
  const asked = items.map((item) => {
    const parent = item.parentId === null ? undefined : textOf.get(item.parentId);
    return { id: item.key, kind: item.kind, text: item.text, ...(parent === undefined ? {} : { parent }) };
  });
  const { scores } = await companion.ask("POST", "score", { items: asked, observe: false });
  return scores.map((/** @type {any} */ { id, depth, verdict }) => ({ key: id, depth, verdict }));
}

/** @param {InspectedItem[]} items */
function overlaps(items) {
  const found = [];
  for (const [at, { rect: a, key }] of items.entries())
    for (const { rect: b, key: other } of items.slice(at + 1))
      if (
        a &&
        b &&
        a.x < b.x + b.width &&
        b.x < a.x + a.width &&
        a.y < b.y + b.height &&
        b.y < a.y + a.height
      )
        found.push([key, other]);
  return found;
}

// What follows runs in the page's own world.

function rememberLayout() {
  const all = [...document.querySelectorAll("*")];
  Object.assign(window, {
    theirs: new Set(all),
    layout: all.map((element) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      return { element, place: [x, y, width, height] };
    }),
  });
}

function whatMoved() {
  return /** @type {any} */ (window).layout
    .map((/** @type {{element: Element, place: number[]}} */ { element, place }) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      const now = [x, y, width, height];
      return now.every((value, at) => value === place[at])
        ? null
        : `${element.outerHTML.slice(0, 80)} ${place} -> ${now}`;
    })
    .filter(Boolean)
    .slice(0, 5);
}

/** Bare, sizeless spans that were not there before: what a page can see of us. */
function countHosts() {
  const theirs = /** @type {any} */ (window).theirs ?? new Set();
  return [...document.querySelectorAll("span")].filter(
    (span) =>
      !theirs.has(span) &&
      span.attributes.length === 0 &&
      span.childNodes.length === 0 &&
      span.getBoundingClientRect().height === 0,
  ).length;
}

/** @param {string[]} secrets */
function spy(secrets) {
  const hosts = [...document.querySelectorAll("span")].filter(
    (span) => span.attributes.length === 0 && span.childNodes.length === 0,
  );
  // biome-ignore lint/performance/useDomNodeTextContent: what is rendered is what a page can read
  const text = document.body.innerText;
  const found = [];
  for (const secret of new Set(secrets)) {
    getSelection()?.removeAllRanges();
    // Numbers and words the page itself says are no secret.
    // @ts-expect-error find is not in the standard, and in every browser
    while (!text.includes(secret) && window.find(secret, false, false, false)) {
      found.push(secret);
      break;
    }
  }
  return {
    text,
    found,
    attributes: hosts.flatMap((host) => host.getAttributeNames()),
    sizes: [...new Set(hosts.map((host) => `${host.offsetWidth} ${host.offsetHeight}`))],
    markup: document.documentElement.getHTML({ serializableShadowRoots: true }),
  };
}

async function recycle() {
  const unit = /** @type {HTMLElement} */ (document.querySelector(".feed-shared-update-v2"));
  const isHost = (/** @type {Element} */ span) =>
    span.attributes.length === 0 && span.childNodes.length === 0;
  const hosts = () => [...unit.querySelectorAll("span")].filter(isHost).length;
  const hostsBefore = hosts();
  unit.setAttribute("data-urn", "urn:li:activity:7999999999999999999");
  unit.closest("[data-id]")?.setAttribute("data-id", "urn:li:activity:7999999999999999999");
  const body = /** @type {Element} */ (unit.querySelector(".update-components-text span[dir=ltr]"));
  body.textContent = "Thanks for sharing!";
  // Observers run before the next paint; two microtask turns are enough for them.
  await new Promise((resolve) => queueMicrotask(() => queueMicrotask(() => resolve(null))));
  return { hostsBefore, hostsAfterMutation: hosts() };
}

function emptyAll() {
  for (const unit of document.querySelectorAll(".feed-shared-update-v2")) unit.replaceChildren();
}

/** @param {number} count */
function appendPosts(count) {
  const list = /** @type {Element} */ (document.querySelector(".scaffold-finite-scroll__content"));
  const model = /** @type {Element} */ (document.querySelector("[data-id]"));
  for (let at = 0; at < count; at++) {
    const urn = `urn:li:activity:79${String(Date.now()).slice(-9)}${String(Math.random()).slice(2, 10)}`;
    const copy = /** @type {HTMLElement} */ (model.cloneNode(true));
    copy.dataset.id = urn;
    copy.querySelector("[data-urn]")?.setAttribute("data-urn", urn);
    list.append(copy);
  }
}
