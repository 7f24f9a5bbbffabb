// Teaching on the dashboard: one key a text, undo, what came of it, and going back to an earlier version.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import puppeteer from "puppeteer-core";
import { findBrowser } from "./lib/browsers.mjs";
import { startCompanion } from "./lib/companion.mjs";
import { comment, open, textOf } from "./lib/dashboard.mjs";
import { until } from "./lib/until.mjs";

describe("the page for teaching", () => {
  /** @type {import("./lib/companion.mjs").Companion} */
  let companion;
  /** @type {import("puppeteer-core").Browser} */
  let browser;

  before(async () => {
    companion = await startCompanion();
    const texts = [
      "So proud of you two, hugs from all of us",
      "We moved the depot and saved four hours a week, the drivers asked for it",
      "Following",
      "Why did the second pump fail before the first one did",
      "Content is king, always was",
      "My father repaired radios, I learned patience from him",
    ];
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
