// Opening the dashboard in a test, and watching what it does: no cookie, no outside request, no complaint in the console.
import assert from "node:assert/strict";
import { createHash, createHmac, hkdfSync, randomBytes } from "node:crypto";

/** @typedef {import("puppeteer-core").Browser} Browser */
/** @typedef {import("./companion.mjs").Companion} Companion */

const dayMs = 24 * 60 * 60 * 1000;

/** Opens a page by a fresh one-time link. @param {Browser} browser @param {Companion} companion @param {string} [path] @param {{scheme?: string, width?: number}} [options] */
export async function open(browser, companion, path = "", options = {}) {
  const { link } = await companion.ask("POST", "dash/ticket", {});
  const { origin, hash } = new URL(link);
  return openAt(browser, `${origin}/${path}${hash}`, options);
}

/** In a browser context of its own; `close` asserts what no page may do. @param {Browser} browser @param {string} link
 * @param {{scheme?: string, width?: number}} [options] */
export async function openAt(browser, link, { scheme = "light", width = 1280 } = {}) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  /** @type {string[]} */
  const complaints = [];
  page.on("console", (message) => {
    if (["error", "warn"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("dialog", (dialog) => {
    complaints.push(`dialog ${dialog.message()}`);
    return dialog.dismiss();
  });
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(`${new URL(link).origin}/`) && !url.startsWith("data:"))
      complaints.push(`asked ${url}`);
    if (/[?&](access_token|token|c|t)=/.test(url)) complaints.push(`a secret in ${url}`);
  });
  page.on("response", (response) => {
    if (response.headers()["set-cookie"]) complaints.push(`cookie from ${response.url()}`);
  });
  await page.setViewport({ width, height: 900 });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  await page.goto(link);
  await page.waitForSelector("main h1:not(#closed h1)", { timeout: 15_000 });
  return {
    page,
    /** @param {{mayFail?: boolean}} [options] mayFail: the connection was cut on purpose */
    async close({ mayFail = false } = {}) {
      assert.equal(await page.evaluate(() => document.cookie), "");
      assert.deepEqual(await context.cookies(), []);
      assert.doesNotMatch(page.url(), /#c=/);
      await context.close();
      if (!mayFail) assert.deepEqual(complaints, []);
    },
  };
}

/** @param {import("puppeteer-core").Page} page @param {string} selector */
export async function textOf(page, selector) {
  return (await page.$eval(selector, (element) => element.textContent ?? "")).replace(/\s+/g, " ").trim();
}

/** @param {string} id @param {string} text */
export function comment(id, text, more = {}) {
  return { id, kind: "comment", site: "linkedin", text, author: { name: "Ada Bell" }, ...more };
}

/** Pairs as the extension does, by a one-time link. @param {Companion} companion @param {string} name */
export async function pair(companion, name) {
  const ticket = new URLSearchParams(new URL(companion.link()).hash.slice(1)).get("t") ?? "";
  const ticketId = createHash("sha256").update(`soundings ticket id\n${ticket}`).digest().subarray(0, 16);
  const key = Buffer.from(hkdfSync("sha256", ticket, "", "soundings pair v1", 32));
  const said = [ticketId.toString("base64url"), randomBytes(16).toString("base64url")];
  const mac = createHmac("sha256", key)
    .update(["client", ...said, name].join("\n"))
    .digest("base64url");
  const reply = await fetch(`${companion.address}/api/v1/pair`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ ticketId: said[0], nonceC: said[1], name, mac }),
  });
  assert.equal(reply.status, 200);
}

/** The beginning of this week here. */
export function monday() {
  const start = new Date();
  start.setHours(0, 0, 0, 0);
  start.setDate(start.getDate() - ((start.getDay() + 6) % 7));
  return start;
}

/** Four weeks of what was written and read, the current week included. @param {Companion} companion */
export async function seed(companion) {
  const deep =
    "We tried this in 2021: the queue broke first, at about 400 orders a minute, so we moved it out.";
  const shallow = "Great post! Thanks for sharing";
  const items = [];
  for (let week = 0; week < 4; week++)
    for (let i = 0; i < 40; i++) {
      const at =
        week === 0
          ? Math.max(monday().getTime(), Date.now() - 1000 * i)
          : Date.now() - week * 6 * dayMs - i * 60_000;
      const mine = i < 12;
      const text = i % 4 === 0 ? `${deep} Case ${week}-${i}.` : `${shallow} ${week}-${i}`;
      items.push(
        comment(`s${week}-${i}`, text, {
          mine,
          site: i % 5 === 0 ? "facebook" : "linkedin",
          at: new Date(at).toISOString(),
        }),
      );
    }
  for (let from = 0; from < items.length; from += 100)
    await companion.ask("POST", "score", { observe: true, items: items.slice(from, from + 100) });
}

/** Conversations of some months with a handful of people, on both sites. @param {Companion} companion */
export async function seedPeople(companion) {
  const deep =
    "We tried this in 2021: the queue broke first, at about 400 orders a minute, so we moved it out.";
  const shallow = "Great post! Thanks for sharing";
  const asks =
    "Which of the two gave way first when you tried it, the hinge or the frame, and how did you find out?";
  /** @type {object[]} */
  const items = [];
  const say = (
    /** @type {string} */ id,
    /** @type {string} */ text,
    /** @type {number} */ daysAgo,
    more = {},
  ) =>
    items.push({
      id,
      site: "linkedin",
      kind: "comment",
      text,
      at: new Date(Date.now() - daysAgo * dayMs).toISOString(),
      ...more,
    });
  const mine = { mine: true, author: { name: "Me" } };
  const names = ["Ada Bell", "Ines Oduya", "Tom Reinholt", "Mara Silveira", "Piotr Hale"];
  for (const [place, name] of names.entries()) {
    const author = { name, url: `https://www.linkedin.com/in/${name.replace(" ", "-")}` };
    for (let i = 0; i < 12 - 2 * place; i++) {
      const post = `linkedin:urn:li:activity:74${place}00000000000${String(i).padStart(2, "0")}`;
      const days = 3 + i * (9 + place * 4) + place;
      say(post, `Post ${place}-${i}: ${i % 2 ? shallow : deep}`, days, {
        kind: "post",
        ...(i % 2 ? mine : { author }),
      });
      say(`${post}-c`, `${(i + place) % 3 ? shallow : deep} Case ${place}-${i}.`, days - 0.5, {
        parentId: post,
        ...(i % 2 ? { author } : mine),
      });
    }
  }
  const ada = { name: "Ada Bell", url: "https://www.linkedin.com/in/Ada-Bell" };
  const post = "linkedin:urn:li:activity:7499999999999999999";
  say(post, `A post of mine. ${deep}`, 3.5, { kind: "post", ...mine });
  say("linkedin:urn:li:comment:(activity:7499999999999999999,7499999999999999998)", asks, 3, {
    parentId: post,
    author: ada,
  });
  say("facebook:90000000000000001", `And a post there. ${deep}`, 5, {
    kind: "post",
    site: "facebook",
    ...mine,
  });
  say("facebook:90000000000000002", `${shallow}, dear`, 4, {
    site: "facebook",
    parentId: "facebook:90000000000000001",
    author: { name: "Ada B.", url: "https://www.facebook.com/ada.b" },
  });
  for (let from = 0; from < items.length; from += 100)
    await companion.ask("POST", "score", { observe: true, items: items.slice(from, from + 100) });
}
