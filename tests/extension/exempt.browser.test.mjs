// What is never marked, in one place on the dashboard: a group put on the list by its address, taken off, put back.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import puppeteer from "puppeteer-core";
import { findBrowser } from "./lib/browsers.mjs";
import { startCompanion } from "./lib/companion.mjs";
import { comment, open, textOf } from "./lib/dashboard.mjs";
import { until } from "./lib/until.mjs";

const group = "https://www.facebook.com/groups/quiltmakers";

describe("the list of what is never marked", () => {
  /** @type {import("./lib/companion.mjs").Companion} */
  let companion;
  /** @type {import("puppeteer-core").Browser} */
  let browser;

  before(async () => {
    companion = await startCompanion();
    browser = await puppeteer.launch({ executablePath: findBrowser("chromium"), args: ["--no-sandbox"] });
  });
  after(async () => {
    await browser?.close();
    await companion?.end();
  });

  test("a group is put on it by its address, taken off and put back, and marks follow at once", async () => {
    const member = comment("m1", "We moved the depot and saved four hours.", {
      site: "facebook",
      author: { name: "Ines", url: `${group}/user/1007` },
    });
    const isLeftOut = async () =>
      (await companion.ask("POST", "score", { items: [member] })).exempt?.[0] === "m1";
    const { page, close } = await open(browser, companion, "privacy");
    const says = (/** @type {RegExp} */ words) =>
      until(async () => words.test(await textOf(page, ".exempt-section [role=status]")), String(words));

    await page.type("#exempt-address", "linkedin.com/groups/12");
    await page.keyboard.press("Enter");
    await says(/no address of a Facebook group or page/);
    assert.equal(await page.$(".exempt li"), null);

    await page.$eval("#exempt-address", (field) => {
      /** @type {HTMLInputElement} */ (field).value = "";
    });
    await page.type("#exempt-address", "m.facebook.com/groups/quiltmakers?ref=share");
    await page.keyboard.press("Enter");
    await says(/quiltmakers is never marked from now on/);
    assert.match(await textOf(page, ".exempt li"), /quiltmakers group · Facebook/);
    assert.equal(await isLeftOut(), true);

    await page.click('button[aria-label="Mark quiltmakers again"]');
    await says(/quiltmakers is marked again/);
    assert.equal(await isLeftOut(), false);

    await page.click(".exempt-section [role=status] button");
    await says(/quiltmakers is never marked from now on/);
    assert.equal(await isLeftOut(), true);
    await close();
  });
});
