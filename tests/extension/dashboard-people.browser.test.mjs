// People and the conversations worth returning to, in a real browser, by the keyboard.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import puppeteer from "puppeteer-core";
import { findBrowser } from "./lib/browsers.mjs";
import { startCompanion } from "./lib/companion.mjs";
import { open, seedPeople, textOf } from "./lib/dashboard.mjs";
import { until } from "./lib/until.mjs";

describe("the dashboard's people", () => {
  /** @type {import("./lib/companion.mjs").Companion} */
  let companion;
  /** @type {import("puppeteer-core").Browser} */
  let browser;

  before(async () => {
    companion = await startCompanion();
    await seedPeople(companion);
    browser = await puppeteer.launch({ executablePath: findBrowser("chromium"), args: ["--no-sandbox"] });
  });
  after(async () => {
    await browser?.close();
    await companion?.end();
  });

  /** @param {import("puppeteer-core").Page} page */
  const names = (page) => page.$$eval(".people tbody th a", (all) => all.map((one) => one.textContent ?? ""));

  /** Opens the page of one person from the list, with the keyboard. @param {import("puppeteer-core").Page} page @param {string} name */
  async function goTo(page, name) {
    await page.waitForSelector(".people tbody tr");
    const links = await page.$$(".people tbody th a");
    const at = (await names(page)).indexOf(name);
    await links[at].focus();
    await page.keyboard.press("Enter");
    await until(async () => (await textOf(page, "h1")) === name, `the page of ${name}`);
  }

  test("everyone exchanged with stands once, the latest first, each figure with its n", async () => {
    const { page, close } = await open(browser, companion, "people");
    await page.waitForSelector(".people tbody tr");
    assert.deepEqual((await names(page)).toSorted(), [
      "Ada B.",
      "Ada Bell",
      "Ines Oduya",
      "Mara Silveira",
      "Piotr Hale",
      "Tom Reinholt",
    ]);
    assert.equal((await names(page))[0], "Ada Bell", "the last to have written");
    const row = await textOf(page, ".people tbody tr");
    assert.match(row, /too few to say \(6\) too few to say \(7\) you 6, they 7/);
    await close();
  });

  test("a name is searched for and the order chosen, and both stand in the address", async () => {
    const { page, close } = await open(browser, companion, "people");
    await page.waitForSelector(".filters input");
    await page.focus(".filters input");
    await page.keyboard.type("ada");
    await until(async () => (await names(page)).length === 2, "two are left");
    assert.match(page.url(), /[?&]q=ada/);
    await page.select(".filters select", "name");
    await until(async () => (await names(page)).join() === "Ada B.,Ada Bell", "in the order of names");
    await page.reload();
    await until(async () => (await names(page)).join() === "Ada B.,Ada Bell", "as the address says");
    await page.focus(".filters input");
    await page.keyboard.type("zzz");
    await until(
      async () => /No name among them has “adazzz”/.test(await textOf(page, ".filters [role=status]")),
      "nobody is called so",
    );
    await close();
  });

  test("a person's page holds the conversations and the very items", async () => {
    const { page, close } = await open(browser, companion, "people");
    await goTo(page, "Ada Bell");
    assert.match(
      await textOf(page, ".person-line"),
      /Back and forth: you 6, they 7; 46% of the texts between you are yours\./,
    );
    const shown = await page.$$eval(".conversation .row", (all) => all.length);
    assert.equal(shown, 13, "every exchange once");
    assert.equal(
      await page.$eval(".conversation .list-head a", (link) => /** @type {HTMLAnchorElement} */ (link).href),
      "https://www.linkedin.com/feed/update/urn:li:activity:7499999999999999999/?commentUrn=urn%3Ali%3Acomment%3A%28activity%3A7499999999999999999%2C7499999999999999998%29",
    );
    await close();
  });

  test("a person is renamed with the keyboard, and it is undone", async () => {
    const { page, close } = await open(browser, companion, "people");
    await goTo(page, "Piotr Hale");
    await page.focus("#alias");
    await page.keyboard.type("Piotr from the yard");
    await page.keyboard.press("Enter");
    await until(async () => (await textOf(page, "h1")) === "Piotr from the yard", "the new name");
    await until(() => page.$(".manage [role=status] button"), "undo is offered");
    await page.focus(".manage [role=status] button");
    await page.keyboard.press("Enter");
    await until(async () => (await textOf(page, "h1")) === "Piotr Hale", "the old name");
    await close();
  });

  test("a person is exempted, and it is undone", async () => {
    const { page, close } = await open(browser, companion, "people");
    await goTo(page, "Piotr Hale");
    const author = { name: "Piotr Hale", url: "https://www.linkedin.com/in/Piotr-Hale" };
    const exempt = async () =>
      (
        await companion.ask("POST", "score", {
          items: [{ id: "x", kind: "comment", site: "linkedin", text: "Anything", author }],
        })
      ).exempt;
    assert.equal(await exempt(), undefined);
    await page.focus(".manage input[type=checkbox]");
    await page.keyboard.press("Space");
    await until(async () => /never marked/.test(await textOf(page, ".manage [role=status]")), "it is said");
    assert.deepEqual(await exempt(), ["x"]);
    await page.focus(".manage [role=status] button");
    await page.keyboard.press("Enter");
    await until(async () => !(await exempt()), "judged again");
    await close();
  });

  test("the same human on two sites is merged and separated with the keyboard", async () => {
    const { page, close } = await open(browser, companion, "people");
    await goTo(page, "Ada Bell");
    await page.focus("#merge");
    await page.keyboard.type("Ada B");
    await until(() => page.$(".manage [aria-label='Ada B. is the same human']"), "the other is found");
    await page.focus(".manage [aria-label='Ada B. is the same human']");
    await page.keyboard.press("Enter");
    await until(
      async () => (await page.$$(".conversation .row")).length === 14,
      "the other's texts stand here as well",
    );
    const all = await open(browser, companion, "people");
    assert.ok(!(await names(all.page)).includes("Ada B."));
    await all.close();
    await until(() => page.$(".manage [aria-label='Separate Ada B. on Facebook']"), "can be separated");
    await page.focus(".manage [aria-label='Separate Ada B. on Facebook']");
    await page.keyboard.press("Enter");
    await until(async () => (await page.$$(".conversation .row")).length === 13, "apart again");
    await close();
  });

  test("a person is forgotten after a second key, and nothing of them is left", async () => {
    const { page, close } = await open(browser, companion, "people");
    await goTo(page, "Mara Silveira");
    await page.focus(".manage-forget button");
    await page.keyboard.press("Enter");
    await until(
      async () => /cannot be undone/.test(await textOf(page, ".manage-forget")),
      "it is asked again",
    );
    await until(
      () => page.evaluate(() => document.activeElement?.textContent === "Keep"),
      "the harmless button has the focus",
    );
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await until(async () => new URL(page.url()).pathname === "/people", "back at the list");
    await until(async () => !(await names(page)).includes("Mara Silveira"), "gone from it");
    const { people } = await companion.ask("GET", "people?limit=200");
    assert.ok(!people.some((/** @type {{name: string}} */ one) => one.name === "Mara Silveira"));
    await close();
  });

  test("what is worth returning to says why, is done with by a key, and comes back with undo", async () => {
    const { page, close } = await open(browser, companion);
    await until(() => page.$(".return"), "a conversation waits");
    const said = await textOf(page, ".return-why");
    assert.match(said, /^Ada Bell asks you something that stands unanswered · [23] days ago$/);
    await page.focus(".return [aria-label='Done with what Ada Bell wrote']");
    await page.keyboard.press("Enter");
    await until(
      async () => /Done with what Ada Bell wrote/.test(await textOf(page, ".return")),
      "it is said",
    );
    await until(
      () => page.evaluate(() => document.activeElement?.matches(".return-said button") === true),
      "undo has the focus",
    );
    const again = await open(browser, companion, "people");
    assert.equal(await again.page.$(".return"), null);
    await again.close();
    await page.keyboard.press("Enter");
    await until(async () => (await textOf(page, ".return-why")) === said, "it is back");
    await close();
  });

  test("one's answer ends the waiting, in the open page as well", async () => {
    const { page, close } = await open(browser, companion);
    await until(() => page.$(".return"), "a conversation waits");
    await companion.ask("POST", "score", {
      observe: true,
      items: [
        {
          id: "linkedin:urn:li:comment:(activity:7499999999999999999,7500000000000000001)",
          site: "linkedin",
          kind: "reply",
          text: "The hinge, after about 400 openings.",
          parentId: "linkedin:urn:li:comment:(activity:7499999999999999999,7499999999999999998)",
          mine: true,
        },
      ],
    });
    await until(async () => (await page.$(".return")) === null, "nothing waits");
    await close();
  });
});
