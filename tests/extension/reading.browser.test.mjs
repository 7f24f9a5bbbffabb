// What the extension reads from the saved pages in real browsers, where layout tells replies from comments and hidden text from shown.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import puppeteer from "puppeteer-core";
import { findBrowser } from "./lib/browsers.mjs";
import { differences, readerSource, rulesOf, savedPages } from "./lib/pages.mjs";

for (const name of /** @type {const} */ (["chromium", "firefox"]))
  describe(`In ${name}`, () => {
    /** @type {import("puppeteer-core").Browser} */
    let browser;
    before(async () => {
      browser = await puppeteer.launch({
        browser: name === "firefox" ? "firefox" : "chrome",
        executablePath: findBrowser(name),
        headless: true,
        args: name === "chromium" ? ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] : [],
      });
    });
    after(() => browser?.close());

    for (const page of savedPages())
      test(`Every field of every item of ${page.name} is read`, async () => {
        const tab = await browser.newPage();
        await tab.setViewport({ width: 1280, height: 900 });
        await tab.setContent(page.html, { waitUntil: "domcontentloaded" });
        const { items, signs } = await tab.evaluate(
          (source, rules, url) => {
            const reader = new Function(`${source}\nreturn Extract;`)();
            const context = { url, layout: true };
            return {
              items: reader
                .readAll(document, rules, context)
                .map((/** @type {any} */ { element, textElement, anchor, ...item }) => ({
                  ...item,
                  anchored: Boolean(anchor && element.contains(anchor)),
                })),
              signs: reader.signs(document, rules),
            };
          },
          readerSource(),
          rulesOf(page.site),
          page.url,
        );
        await tab.close();
        assert.deepEqual(differences(items, page.expected, { soft: false }), []);
        assert.ok(items.every((item) => item.anchored));
        assert.ok(signs > 0, "an independent sign shows content");
      });
  });
