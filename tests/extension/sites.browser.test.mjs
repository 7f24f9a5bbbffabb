// What the user adds: newer rule files in the data folder, further sites, and the likes one gives, noted and never clicked for.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startCompanion } from "./lib/companion.mjs";
import { browserNames, startExtended } from "./lib/extended.mjs";
import { differences, rulesOf, savedPages } from "./lib/pages.mjs";
import { until } from "./lib/until.mjs";

const extensionDir = fileURLToPath(new URL("../../extension", import.meta.url));

/** @param {string} name */
function savedPage(name) {
  const saved = savedPages().find((page) => page.name === name);
  assert.ok(saved, name);
  return saved;
}

/** A page that no packed rule can read: a build of LinkedIn that nobody has seen yet. */
const novel = {
  url: "https://www.linkedin.com/feed/?novel",
  html: `<main>${[1, 2]
    .map(
      (
        at,
      ) => `<section data-novel="urn:li:activity:740000000000000000${at}"><h3><a href="/in/ann-example">Ann Example ${at}</a></h3>
      <blockquote>We moved the queue in 2021, because it broke at 400 orders a minute, number ${at}.</blockquote>
      <svg id="repost-small" width="16" height="16"></svg></section>`,
    )
    .join("")}</main>`,
};
const unit = {
  name: "novel post",
  kind: "post",
  match: ["[data-novel]"],
  evidence: [["h3 a"]],
  id: [{ attribute: "data-novel" }],
  author: [{ select: ["h3 a"] }],
  text: [{ select: ["blockquote"] }],
};

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

    /** @param {string} file @param {object | string} content */
    function drop(file, content) {
      mkdirSync(join(companion.data, "sites"), { recursive: true });
      const text = typeof content === "string" ? content : JSON.stringify(content);
      writeFileSync(join(companion.data, "sites", file), text);
    }
    /** Asks until the worker has looked at the folder again. @param {(state: any) => unknown} holds @param {string} what */
    const state = (holds, what) =>
      until(async () => {
        const now = await extended.tell({ kind: "state", probe: true });
        return now && holds(now) ? now : null;
      }, what);

    test("A newer rule file in the data folder is used at once, a bad one is refused and the old one stays", async () => {
      const site = await extended.openSite(novel.url, novel.html);
      const blind = await until(async () => {
        const report = await extended.tell({ kind: "tab", tabId: site.tabId });
        return report?.on && report.signs === 2 ? report : null;
      }, "the page shows posts that no rule finds");
      assert.equal(blind.seen, 0);

      const rules = { ...rulesOf("linkedin"), serial: 2100010101 };
      drop("linkedin.json", { ...rules, units: [unit, ...rules.units] });
      await state(({ refusedRules }) => refusedRules.length === 0, "the file is taken");
      const items = await until(async () => {
        await extended.tell({ kind: "state", probe: true });
        const seen = await site.inspect();
        return seen.length === 2 && seen.every((item) => item.shown && item.depth !== null) ? seen : null;
      }, "the open page is read by it, without a reload");
      assert.deepEqual(
        items.map(({ author }) => author),
        ["Ann Example 1", "Ann Example 2"],
      );

      drop("linkedin.json", `{"format":1,\n"run":"alert(1)"}`);
      const { refusedRules } = await state((now) => now.refusedRules.length > 0, "the bad file is refused");
      assert.deepEqual(refusedRules, [
        { file: "linkedin.json", reason: 'line 2: "run" is not known in the file' },
      ]);
      await site.page.close();
      const again = await extended.openSite(novel.url, novel.html);
      await until(async () => (await again.inspect()).length === 2, "the old file still serves");

      rmSync(join(companion.data, "sites", "linkedin.json"));
      await state((now) => now.refusedRules.length === 0, "it is gone");
      await until(async () => {
        await extended.tell({ kind: "state", probe: true });
        return (await again.inspect()).length === 0;
      }, "the packed rules serve again");
      await again.page.close();
    });

    test("Where the rules find nothing, the popup says so and gives the page's bare structure", async () => {
      const site = await extended.openSite(novel.url, novel.html);
      const outline = await until(
        () => extended.tell({ kind: "outlineOf", tabId: site.tabId }),
        "an outline",
      );
      assert.match(outline, /section \[data-novel\]/);
      assert.doesNotMatch(outline, /Ann|queue|7400/);
      const popup = await extended.openOwnPage("pages/popup.html");
      const said = () =>
        popup.evaluate(() => [
          document.getElementById("page-text")?.textContent ?? "",
          document.getElementById("outline")?.hidden === false,
        ]);
      const [text] = await until(async () => {
        const now = await said();
        return now[1] === true ? now : null;
      }, "the popup offers it");
      assert.match(String(text), /I recognise 0 of about 2 posts here/);
      await popup.close();
      await site.page.close();
    });

    test("Likes one gives are counted once; what turns on by itself is not", async () => {
      const saved = savedPage("linkedin-classic-feed");
      const site = await extended.openSite(saved.url, saved.html);
      await site.marked(saved.expected.length);
      const count = async () => (await companion.ask("GET", "stats")).reactions;
      const before = await count();
      await site.page.evaluate(prepareLikes);
      await site.page.evaluate(() => /** @type {any} */ (window).like(1)); // nobody pressed anything
      const button = await site.page.$(".like-0");
      assert.ok(button);
      await button.evaluate((element) => element.scrollIntoView({ block: "center" }));
      await button.click();
      await until(async () => (await count()) === before + 1, "the like is counted");
      await button.click();
      await button.click();
      await site.page.evaluate(() => /** @type {any} */ (window).like(2));
      const other = await site.page.$(".like-3");
      await other?.evaluate((element) => element.scrollIntoView({ block: "center" }));
      await other?.click();
      // The fourth came last: once it is counted, so are all before it.
      await until(async () => (await count()) >= before + 2, "another like is counted");
      assert.ok((await count()) <= before + 3);
      await site.page.close();
    });
  });

test("A site that the user allowed is read, and no longer once that is taken back", async () => {
  // No test can press the browser's own question. A copy of the extension has this permission from the start.
  const folder = mkdtempSync(join(tmpdir(), "soundings-extension-"));
  cpSync(extensionDir, folder, { recursive: true });
  const manifest = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8"));
  manifest.host_permissions.push("https://*.bebee.com/*", "https://*.example.org/*");
  writeFileSync(join(folder, "manifest.json"), JSON.stringify(manifest));
  const [companion, extended] = await Promise.all([
    startCompanion(),
    startExtended("chromium", { extension: folder }),
  ]);
  try {
    await extended.tell({ kind: "pair", link: companion.link() });
    const allowed = await extended.tell({ kind: "sitesToo" });
    assert.deepEqual(allowed.sort(), ["https://*.bebee.com/*", "https://*.example.org/*"]);
    for (const saved of [savedPage("bebee-post"), savedPage("web-blog")]) {
      const site = await extended.openSite(saved.url, saved.html);
      const items = await site.marked(saved.expected.length);
      assert.deepEqual(differences(items, saved.expected, { soft: false }), []);
      const { pathname, host } = new URL(saved.url);
      const prefix = saved.site === "web" ? `web:${host}${pathname}:` : `${saved.site}:`;
      assert.ok(items.every(({ key }) => key.startsWith(prefix)));
      await extended.tell({ kind: "siteSwitch", site: saved.site, on: false });
      await until(async () => (await site.inspect()).length === 0, "switched off like any other site");
      await extended.tell({ kind: "siteSwitch", site: saved.site, on: true });
      await site.marked(saved.expected.length);
      await site.page.close();
    }
  } finally {
    await extended.close();
    await companion.end();
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Runs in the page: buttons that do what the site's own do. */
function prepareLikes() {
  const buttons = [...document.querySelectorAll(".feed-shared-update-v2 .react-button__trigger")];
  const own = /** @type {any} */ (window);
  own.like = (/** @type {number} */ at) =>
    buttons[at].setAttribute("aria-pressed", String(buttons[at].getAttribute("aria-pressed") !== "true"));
  buttons.forEach((button, at) => {
    button.classList.add(`like-${at}`);
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => own.like(at));
  });
}
