// The dashboard's page of imports in a real browser: a file chosen and its counts, the same again, a broken one, and one stopped half way.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import puppeteer from "puppeteer-core";
import { findBrowser } from "./lib/browsers.mjs";
import { startCompanion } from "./lib/companion.mjs";
import { open, textOf } from "./lib/dashboard.mjs";
import { until } from "./lib/until.mjs";

const sample = fileURLToPath(new URL("../exports/linkedin/Comments_40117733.csv", import.meta.url));
const address = "https://www.linkedin.com/feed/update/urn%3Ali%3Aactivity%3A7301511512064000001";

describe("the page of imports", () => {
  /** @type {import("./lib/companion.mjs").Companion} */
  let companion;
  /** @type {import("puppeteer-core").Browser} */
  let browser;
  const folder = mkdtempSync(join(tmpdir(), "soundings-import-"));

  before(async () => {
    companion = await startCompanion();
    browser = await puppeteer.launch({ executablePath: findBrowser("chromium"), args: ["--no-sandbox"] });
  });
  after(async () => {
    await browser?.close();
    await companion?.end();
    rmSync(folder, { recursive: true });
  });

  /** Chooses a file as a person would. @param {import("puppeteer-core").Page} page @param {string} path */
  async function choose(page, path) {
    const field = await page.waitForSelector("#import-file:not([disabled])");
    // A click empties the field before the same file can be chosen again; a test does not click.
    await page.$eval("#import-file", (element) => {
      /** @type {HTMLInputElement} */ (element).value = "";
    });
    await /** @type {import("puppeteer-core").ElementHandle<HTMLInputElement>} */ (field).uploadFile(path);
  }
  /** @param {string} name @param {string} content */
  function file(name, content) {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  }

  test("a file's comments are kept or left out with the reason, and a second time adds nothing", async () => {
    const { page, close } = await open(browser, companion, "import");
    await choose(page, sample);
    await page.waitForSelector("#done-title", { timeout: 30_000 });
    assert.equal(await textOf(page, "#done-title"), "13 added.");
    assert.match(
      await textOf(page, ".report"),
      /Of 15 records, 13 kept: 0 posts, 12 comments, 1 reply, 0 reactions\./,
    );
    assert.match(await textOf(page, ".report details"), /csv3the same record again/);
    const { n, mine } = await companion.ask("GET", "stats");
    assert.deepEqual([n, mine.n], [13, 13]);

    await choose(page, sample);
    await until(
      async () => (await textOf(page, "#done-title")).startsWith("Nothing new"),
      "the second report",
    );
    await close();
  });

  test("a broken file is refused with its line, and nothing is changed", async () => {
    const { page, close } = await open(browser, companion, "import");
    await choose(page, file("Broken.csv", `Date,Link,Message\n2025-03-01 10:15:42,${address},"cut he`));
    await until(async () => (await textOf(page, "[role=status].notice")).includes("line 2"), "the refusal");
    assert.match(
      await textOf(page, "[role=status].notice"),
      /never closes: the file was cut\. Nothing was changed\.$/,
    );
    assert.equal((await companion.ask("GET", "stats")).n, 13);
    await close();
  });

  test("an import shows how far it is, and stops when told to with nothing changed", async () => {
    const rows = Array.from(
      { length: 60_000 },
      (_, i) =>
        `2025-03-01 10:15:42,${address},Valve ${i} leaked ${(i * 7) % 101} times; which one did you replace first?`,
    );
    const { page, close } = await open(browser, companion, "import");
    await choose(page, file("Long.csv", ["Date,Link,Message", ...rows].join("\n")));
    const cancel = await page.waitForSelector(".running button", { timeout: 30_000 });
    await until(
      async () =>
        /[1-9][\d,]* records? read/.test((await page.$(".running")) ? await textOf(page, ".running") : ""),
      "the counts",
    );
    await cancel?.focus();
    await page.keyboard.press("Enter");
    await until(
      async () => (await textOf(page, "[role=status].notice")) === "Cancelled. Nothing was changed.",
      "the end",
    );
    assert.equal((await companion.ask("GET", "stats")).n, 13);
    await close();
  });
});
