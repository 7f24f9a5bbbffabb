// How the dashboard holds up for those who use it otherwise: screen readers, dark rooms, narrow and wide windows.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";
import puppeteer from "puppeteer-core";
import { findBrowser } from "./lib/browsers.mjs";
import { startCompanion } from "./lib/companion.mjs";
import { open, seed, seedPeople } from "./lib/dashboard.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

// The first person stored is the first one who wrote something.
const paths = ["", "items", "people", "person?id=1", "teach", "import", "privacy"];

describe("the dashboard's pages", () => {
  /** @type {import("./lib/companion.mjs").Companion} */
  let companion;
  /** @type {import("puppeteer-core").Browser} */
  let browser;

  before(async () => {
    companion = await startCompanion();
    await seedPeople(companion);
    await seed(companion);
    browser = await puppeteer.launch({ executablePath: findBrowser("chromium"), args: ["--no-sandbox"] });
  });
  after(async () => {
    await browser?.close();
    await companion?.end();
  });

  for (const scheme of ["light", "dark"])
    for (const path of paths)
      test(`axe finds nothing serious on /${path} in ${scheme}`, async () => {
        const { page, close } = await open(browser, companion, path, { scheme });
        await page.$$eval("main details", (all) => {
          for (const one of all) one.open = true;
        });
        if (path === "items") {
          await page.click(".rows > li:nth-child(2) .row-line");
          await page.waitForSelector(".row-detail");
        }
        await page.evaluate(axe);
        const violations = await page.evaluate(async () => {
          // @ts-expect-error axe was put into the page just before
          const { violations } = await globalThis.axe.run(document);
          return violations.map((/** @type {any} */ one) => ({
            id: one.id,
            impact: one.impact,
            where: one.nodes.map((/** @type {any} */ node) => node.html.slice(0, 160)).slice(0, 3),
          }));
        });
        assert.deepEqual(violations, []);
        await close();
      });

  for (const width of [360, 1600])
    for (const path of paths)
      test(`/${path} needs no sideways scrolling at ${width} px`, async () => {
        const { page, close } = await open(browser, companion, path, { width });
        const over = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        assert.ok(over <= 0, `${over} px too wide`);
        await close();
      });

  test("nothing shifts while the first page appears, and it appears soon", async () => {
    const { page, close } = await open(browser, companion);
    const { shift, firstMs } = await page.evaluate(async () => {
      const shifts = await new Promise((resolve) => {
        new PerformanceObserver((list) => resolve(list.getEntries())).observe({
          type: "layout-shift",
          buffered: true,
        });
        requestAnimationFrame(() => requestAnimationFrame(() => resolve([])));
      });
      return {
        shift: shifts.reduce((/** @type {number} */ sum, /** @type {any} */ one) => sum + one.value, 0),
        firstMs: performance.getEntriesByName("first-contentful-paint")[0].startTime,
      };
    });
    assert.ok(shift < 0.01, `layout shift ${shift}`);
    assert.ok(firstMs < 500, `first paint after ${firstMs} ms`);
    await close();
  });
});
