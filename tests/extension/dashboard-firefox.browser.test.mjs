// The dashboard in Firefox: the same pages, the same charts, the keyboard.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import puppeteer from "puppeteer-core";
import { findBrowser } from "./lib/browsers.mjs";
import { startCompanion } from "./lib/companion.mjs";
import { seed, seedPeople, textOf } from "./lib/dashboard.mjs";
import { until } from "./lib/until.mjs";

describe("the dashboard in Firefox", () => {
  /** @type {import("./lib/companion.mjs").Companion} */
  let companion;
  /** @type {import("puppeteer-core").Browser} */
  let browser;

  before(async () => {
    companion = await startCompanion();
    await seedPeople(companion);
    await seed(companion);
    browser = await puppeteer.launch({
      browser: "firefox",
      executablePath: findBrowser("firefox"),
      headless: true,
    });
  });
  after(async () => {
    await browser?.close();
    await companion?.end();
  });

  test("the first page draws its charts, and a person's page is a key away", async () => {
    const page = await browser.newPage();
    /** @type {string[]} */
    const complaints = [];
    page.on("pageerror", (error) => complaints.push(String(error)));
    const { link } = await companion.ask("POST", "dash/ticket", {});
    await page.goto(link);
    await until(async () => (await page.$("main h1.sentence")) !== null, "the sentence is there");
    await until(
      async () => (await page.$$("[aria-labelledby=trend-title] .rz-column-series path")).length === 28,
      "four weeks of columns",
    );
    await page.focus("nav a[href=people]");
    await page.keyboard.press("Enter");
    await until(async () => (await page.$$(".people tbody tr")).length === 6, "everyone exchanged with");
    await page.focus(".people tbody th a");
    await page.keyboard.press("Enter");
    await until(async () => (await textOf(page, "h1")) === "Ada Bell", "the page of the first");
    assert.equal(await page.evaluate(() => document.cookie), "");
    assert.deepEqual(complaints, []);
  });
});
