// The pages of items and of privacy in a real browser: searching, judging several at once and going back, and being rid of what was kept.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import puppeteer from "puppeteer-core";
import { findBrowser } from "./lib/browsers.mjs";
import { startCompanion } from "./lib/companion.mjs";
import { comment, open, seed, textOf } from "./lib/dashboard.mjs";
import { until } from "./lib/until.mjs";

describe("items and what becomes of them", () => {
  /** @type {import("./lib/companion.mjs").Companion} */
  let companion;
  /** @type {import("puppeteer-core").Browser} */
  let browser;

  before(async () => {
    companion = await startCompanion();
    await seed(companion);
    await companion.ask("POST", "score", {
      observe: true,
      items: ["one", "two", "three"].map((word) =>
        comment(`z${word}`, `Zürich ${word}: 17 of 20 came back.`),
      ),
    });
    browser = await puppeteer.launch({ executablePath: findBrowser("chromium"), args: ["--no-sandbox"] });
  });
  after(async () => {
    await browser?.close();
    await companion?.end();
  });

  /** @param {import("puppeteer-core").Page} page */
  const shown = (page) => page.$$eval(".rows > li", (all) => all.length);
  const labels = async () =>
    (await companion.ask("GET", "items?q=zurich")).items.map((/** @type {any} */ item) => item.label ?? null);

  test("what is typed narrows the list, stands in the address and comes back with it", async () => {
    const { page, close } = await open(browser, companion, "items");
    await page.type("input[type=search]", "zurich came back");
    await until(async () => (await shown(page)) === 3, "the three with the word");
    await until(
      () => new URL(page.url()).searchParams.get("q") === "zurich came back",
      "the address names the words",
    );
    await page.reload();
    await page.waitForSelector(".rows");
    assert.equal(await shown(page), 3);
    assert.equal(
      await page.$eval("input[type=search]", (one) => /** @type {any} */ (one).value),
      "zurich came back",
    );
    await close();
  });

  test("rows are judged, taken back and left by their keys alone", async () => {
    const { page, close } = await open(browser, companion, "items?q=zurich");
    await page.waitForSelector(".row-line");
    await page.focus(".rows > li:first-child .row-line");
    await page.keyboard.press("1");
    await until(async () => (await labels())[0] === "superficial", "the first is labelled");
    await page.keyboard.press("j");
    await until(
      () => page.$eval(".rows > li:nth-child(2) .row-line", (one) => one === document.activeElement),
      "the second has the focus",
    );
    await page.keyboard.press("2");
    await until(async () => (await labels())[1] === "substantive", "the second is labelled");
    await page.keyboard.press("0");
    await until(async () => (await labels())[1] === null, "and taken back");
    await page.keyboard.press("k");
    await until(
      () => page.$eval(".rows > li:first-child .row-line", (one) => one === document.activeElement),
      "the first has the focus again",
    );
    await page.keyboard.press("0");
    await until(
      async () => (await labels()).every((/** @type {any} */ one) => one === null),
      "nothing is labelled",
    );
    await close();
  });

  test("several are judged at once, and stand as before when that is undone", async () => {
    const { page, close } = await open(browser, companion, "items?q=zurich");
    await page.waitForSelector(".row-line");
    await page.focus(".rows > li:first-child .row-line");
    await page.keyboard.press("2");
    await until(async () => (await labels())[0] === "substantive", "one has a label of its own");
    await page.click(".pick-all input");
    await until(async () => /^3 picked$/.test(await textOf(page, ".desk [role=status]")), "all are picked");
    await page.click(".desk .labels button:nth-of-type(1)");
    await until(
      async () => (await labels()).every((/** @type {any} */ one) => one === "superficial"),
      "all are superficial",
    );
    await until(
      async () => /3 texts are superficial/.test(await textOf(page, ".desk [role=status]")),
      "it is said",
    );
    await page.click(".desk .labels button:nth-of-type(1)");
    await until(async () => (await labels()).join() === "substantive,,", "each stands as before");
    await close();
  });

  test("what is picked is forgotten only when that was confirmed", async () => {
    const { page, close } = await open(browser, companion, "items?q=zurich");
    await page.waitForSelector(".row-line");
    await page.focus(".rows > li:first-child .row-line");
    await page.keyboard.press("x");
    await until(() => page.$(".desk:not([hidden]) .labels button:nth-of-type(4)"), "one is picked");
    await page.click(".desk .labels button:nth-of-type(4)");
    await until(
      async () => /would go for good.*1 item/.test(await textOf(page, ".desk")),
      "it says what would go",
    );
    assert.equal((await companion.ask("GET", "items?q=zurich")).items.length, 3);
    await page.click(".desk .danger");
    await until(
      async () => /^Forgotten: 1 item/.test(await textOf(page, ".desk [role=status]")),
      "it is gone",
    );
    assert.equal((await companion.ask("GET", "items?q=zurich")).items.length, 2);
    await close();
  });

  test("nothing went anywhere, and the page says so", async () => {
    const { page, close } = await open(browser, companion, "privacy");
    assert.match(await textOf(page, ".proof"), /^0 connections to anywhere else since .*; 0 names looked up/);
    await close();
  });

  test("how long texts are kept is chosen by key, and asked about where texts would go", async () => {
    const { page, close } = await open(browser, companion, "privacy");
    await page.focus(".choices input:checked");
    await page.keyboard.press("ArrowDown");
    await until(
      async () => /90 days/.test(await textOf(page, "#keeping-title ~ .notice")),
      "more is kept at once",
    );
    await page.click(".choices label:nth-of-type(1) input");
    await until(() => page.$(".danger"), "less is asked about");
    await page.click(".danger");
    await until(async () => /7 days/.test(await textOf(page, "#keeping-title ~ .notice")), "and then done");
    await close();
  });

  test("a pause stops what browsers send until it is ended", async () => {
    const { page, close } = await open(browser, companion, "privacy");
    const score = async () =>
      (
        await fetch(`${companion.address}/api/v1/score`, {
          method: "POST",
          headers: {
            Authorization: `Bearer ${companion.run("token", "--scope", "ext").trim()}`,
            "Content-Type": "application/json",
          },
          body: JSON.stringify({ items: [comment("p", "Noted.")] }),
        })
      ).status;
    await page.click("section:has(#pause-title) button");
    await until(
      async () => /Paused until/.test(await textOf(page, "section:has(#pause-title)")),
      "it is paused",
    );
    assert.equal(await score(), 503);
    await page.click("section:has(#pause-title) button");
    await until(
      async () => /is running/.test(await textOf(page, "section:has(#pause-title)")),
      "it runs again",
    );
    assert.equal(await score(), 200);
    await close();
  });

  test("everything is saved as one file", async () => {
    const { page, close } = await open(browser, companion, "privacy");
    await page.click("section:has(#stored-title) .labels button");
    await until(
      async () =>
        /Saved as soundings-.*\.zip/.test(await textOf(page, "section:has(#stored-title) [role=status]")),
      "it is saved",
    );
    await close();
  });

  test("everything is forgotten once its word was typed, with the keyboard alone", async () => {
    const { page, close } = await open(browser, companion, "privacy");
    await page.focus("section:has(#forget-title) select");
    await page.keyboard.type("everything");
    await until(() => page.$("section:has(#forget-title) .button:not(:disabled)"), "everything is chosen");
    await page.focus("section:has(#forget-title) .button");
    await page.keyboard.press("Enter");
    await until(() => page.$(".typed input"), "it asks for its word");
    assert.ok(await page.$eval(".danger", (one) => /** @type {any} */ (one).disabled));
    await page.focus(".typed input");
    await page.keyboard.type("forget everything");
    await until(() => page.$(".danger:not(:disabled)"), "the word was taken");
    await page.focus(".danger");
    await page.keyboard.press("Enter");
    await until(
      async () => /Forgotten: /.test(await textOf(page, "section:has(#forget-title) [role=status]")),
      "it is done",
    );
    assert.deepEqual((await companion.ask("GET", "items")).items, []);
    await close();
  });
});
