// Teaching on the dashboard: one key a text or a pair, undo, what came of it, and going back to an earlier version.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import puppeteer from "puppeteer-core";
import { findBrowser } from "./lib/browsers.mjs";
import { startCompanion } from "./lib/companion.mjs";
import { comment, open, textOf } from "./lib/dashboard.mjs";
import { until } from "./lib/until.mjs";

const texts = [
  "So proud of you two, hugs from all of us",
  "We moved the depot and saved four hours a week, the drivers asked for it",
  "Following",
  "Why did the second pump fail before the first one did",
  "Content is king, always was",
  "So happy for all of you, love from the whole family",
  "Who of you tried the older pump, and what broke then",
  "The second pump failed because its seal was already worn out",
  "My father repaired radios, I learned patience from him",
];

describe("the page for teaching", () => {
  /** @type {import("./lib/companion.mjs").Companion} */
  let companion;
  /** @type {import("puppeteer-core").Browser} */
  let browser;

  before(async () => {
    companion = await startCompanion();
    await companion.ask("POST", "score", {
      items: texts.map((text, i) => comment(`t${i}`, text)),
      observe: true,
    });
    browser = await puppeteer.launch({ executablePath: findBrowser("chromium"), args: ["--no-sandbox"] });
  });
  after(async () => {
    await browser?.close();
    await companion?.end();
  });

  test("keys label, skip and undo, and the version that learned it is named", async () => {
    const { page, close } = await open(browser, companion, "teach");
    const first = await textOf(page, "main blockquote");
    await page.focus(".labels button");
    await page.keyboard.press("2");
    await until(async () => (await textOf(page, "main blockquote")) !== first, "the next text is shown");
    assert.match(
      await textOf(page, "[role=status].notice"),
      /Kept as substantive\. Version 1\.1 judges now\./,
    );
    assert.equal((await companion.ask("GET", "learning")).labels, 1);

    await page.keyboard.press("0");
    await until(async () => (await textOf(page, "main blockquote")) === first, "the text is back");
    assert.match(await textOf(page, "[role=status].notice"), /Taken back/);
    assert.equal((await companion.ask("GET", "learning")).labels, 0);

    await page.keyboard.press("1");
    await until(
      async () => (await companion.ask("GET", "learning")).superficial === 1,
      "it counts as superficial",
    );
    const second = await textOf(page, "main blockquote");
    await page.keyboard.press("3");
    await until(async () => (await textOf(page, "main blockquote")) !== second, "the skipped text is gone");
    await close();
  });

  test("of two texts one is called deeper by keys alone, skipped and taken back", async () => {
    const { page, close } = await open(browser, companion, "teach", { width: 360 });
    const status = () => textOf(page, ".pairs [role=status]");
    const shown = () => page.$$eval(".pairs blockquote", (all) => all.map((one) => one.textContent));
    const pairs = async () => (await companion.ask("GET", "learning")).pairs;
    await page.waitForSelector(".pairs article + article");
    const first = await shown();
    assert.equal(first.length, 2);
    // One below the other where there is no room for two.
    const [upper, lower] = await page.$$eval(".pairs article", (all) =>
      all.map((one) => one.getBoundingClientRect().toJSON()),
    );
    assert.ok(lower.top >= upper.bottom);

    await page.focus(".pairs .labels button");
    await page.keyboard.press("ArrowRight");
    await until(async () => /the second goes deeper/.test(await status()), "it says what was kept");
    assert.equal(await pairs(), 1);
    assert.notDeepEqual(await shown(), first);

    await page.keyboard.press("0");
    await until(async () => /Taken back/.test(await status()), "it says that it was taken back");
    assert.equal(await pairs(), 0);
    assert.deepEqual(await shown(), first);

    // The keys go on working when the last pair is gone and its buttons are switched off.
    for (let before = await shown(), n = 0; before.length > 0; n++) {
      assert.ok(n < texts.length, "no pair comes twice");
      await page.keyboard.press("1");
      await until(
        async () => JSON.stringify(await shown()) !== JSON.stringify(before),
        "the next pair, or none, is shown",
      );
      before = await shown();
    }
    const all = await pairs();
    await page.waitForFunction(() => document.activeElement?.closest(".pairs"));
    await page.keyboard.press("0");
    await until(async () => (await pairs()) === all - 1, "the last one is taken back");
    await until(async () => (await shown()).length === 2, "it is shown again");
    await close();
  });

  test("an earlier version can be made to judge again", async () => {
    const { page, close } = await open(browser, companion, "teach");
    await page.waitForSelector('button[aria-label="Activate version 1"]');
    await page.click('button[aria-label="Activate version 1"]');
    await until(async () => (await companion.ask("GET", "models")).active === "1", "the starter judges");
    await until(
      async () => (await page.$('button[aria-label="Activate version 1"]')) === null,
      "its button is gone",
    );
    await close();
  });
});
