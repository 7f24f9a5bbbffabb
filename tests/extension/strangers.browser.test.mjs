// What strangers in the same browser get: another extension that may do all an extension can, and pages of other sites.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startCompanion } from "./lib/companion.mjs";
import { startExtended } from "./lib/extended.mjs";
import { startImpostor } from "./lib/impostor.mjs";
import { savedPages } from "./lib/pages.mjs";
import { until } from "./lib/until.mjs";

const feed = savedPages().find(({ name }) => name === "linkedin-classic-feed");
if (!feed) throw new Error("the saved page this test uses was renamed: mend the name above");
const extensionDir = fileURLToPath(new URL("../../extension", import.meta.url));
const routes = readFileSync(new URL("../companion/Api/routes.txt", import.meta.url), "utf8")
  .split("\n")
  .map((line) => line.split(/ +/))
  .filter((words) => words.at(-1)?.startsWith("/api/") && words[0] !== "open")
  .map((words) => ({ method: words.at(-2) ?? "", path: words.at(-1)?.replace("{}", "x") ?? "" }));

describe("In chromium", () => {
  /** @type {import("./lib/companion.mjs").Companion} */
  let companion;
  /** @type {import("./lib/extended.mjs").Extended} */
  let extended;
  /** @type {import("puppeteer-core").WebWorker} */
  let spy;
  /** @type {string} the address of a site of somebody else on this machine, under a name of its own */
  let site;
  /** @type {Awaited<ReturnType<typeof startImpostor>>} */
  let elsewhere;

  before(async () => {
    elsewhere = await startImpostor(0);
    site = `http://site.test:${elsewhere.port}/`;
    [companion, extended] = await Promise.all([
      startCompanion(),
      startExtended("chromium", {
        others: [fileURLToPath(new URL("spy", import.meta.url))],
        args: ["--host-resolver-rules=MAP *.test 127.0.0.1"],
      }),
    ]);
    const target = await extended.browser.waitForTarget((found) => found.url().endsWith("/spy.js"));
    const worker = await target.worker();
    if (!worker) throw new Error("the spy has no worker");
    spy = worker;
    const reply = await extended.tell({ kind: "pair", link: companion.link() });
    assert.equal(reply.paired, true, JSON.stringify(reply));
  });
  after(async () => {
    await extended?.close();
    await companion?.end();
    await elsewhere?.end();
  });

  test("T12 An extension that spoofs our origin reaches nothing without our token, and nothing with it under its own", async () => {
    const token = companion.run("token", "--scope", "ext").trim();
    const asked = await spy.evaluate(
      async (address, base, list, stolen) => {
        const ask = async (
          /** @type {any} */ { method, path },
          /** @type {Record<string, string>} */ headers,
        ) => {
          const body = method === "POST" ? "{}" : undefined;
          const init = {
            method,
            body,
            headers: { ...headers, ...(body ? { "Content-Type": "application/json" } : {}) },
          };
          return fetch(address + path, init).then(
            (reply) => reply.status,
            () => 0,
          );
        };
        const own = await ask(
          { method: "POST", path: "/api/v1/score" },
          { Authorization: `Bearer ${stolen}` },
        );
        await chrome.declarativeNetRequest.updateDynamicRules({
          addRules: [
            {
              id: 1,
              action: {
                type: "modifyHeaders",
                requestHeaders: [
                  { header: "Origin", operation: "set", value: base },
                  { header: "Sec-Fetch-Site", operation: "set", value: "none" },
                ],
              },
              condition: { urlFilter: "|http://127.0.0.1", resourceTypes: ["xmlhttprequest", "other"] },
            },
          ],
        });
        const spoofed = [];
        for (const route of list) spoofed.push([route.path, await ask(route, {})]);
        await chrome.declarativeNetRequest.updateDynamicRules({ removeRuleIds: [1] });
        return { own, spoofed };
      },
      companion.address,
      extended.base,
      routes,
      token,
    );
    assert.equal(asked.own, 403, "our token from the spy's own origin");
    assert.ok(asked.spoofed.length > 20);
    assert.deepEqual(
      asked.spoofed.filter(([, status]) => status !== 401),
      [],
    );
  });

  test("T13 T14 Another extension sees none of our requests, reads no secret of ours and cannot speak to our worker", async () => {
    const page = await extended.openSite(feed.url, feed.html);
    await page.marked(feed.expected.length);
    const found = await spy.evaluate(
      async (base, url) => {
        const [tab] = (await chrome.tabs.query({})).filter((one) => one.url === url);
        const [{ result }] = await chrome.scripting.executeScript({
          target: { tabId: tab.id ?? 0 },
          func: async () => ({
            storage: JSON.stringify(await chrome.storage.local.get(null)),
            databases: (await indexedDB.databases()).map(({ name }) => name),
            markup: document.documentElement.outerHTML,
          }),
        });
        const id = new URL(base).host;
        const said = await chrome.runtime.sendMessage(id, { kind: "state" }).then(
          () => "answered",
          (error) => String(error),
        );
        const port = await new Promise((resolve) => {
          const opened = chrome.runtime.connect(id);
          opened.onDisconnect.addListener(() => resolve(String(chrome.runtime.lastError?.message)));
          opened.onMessage.addListener(() => resolve("answered"));
        });
        return { result, said, port, seen: /** @type {any} */ (globalThis).seen };
      },
      extended.base,
      feed.url,
    );
    assert.match(found.said, /Receiving end does not exist/);
    assert.match(found.port, /Receiving end does not exist/);
    assert.equal(found.result?.storage, "{}");
    assert.deepEqual(found.result?.databases, []);
    assert.doesNotMatch(found.result?.markup ?? "", /extension:\/\//);
    // The spy sees its own calls, so it would see ours if the browser showed them.
    assert.ok(found.seen.length > 0, "the spy hears nothing at all");
    assert.deepEqual(
      found.seen.filter((/** @type {string} */ line) => /X-Soundings-Request/i.test(line)),
      [],
    );
    await page.page.close();
  });

  test("T29 No file of the package can be fetched by a page or by another extension", async () => {
    const files = readdirSync(extensionDir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(
        (entry) => `${extended.base}/${join(entry.parentPath, entry.name).slice(extensionDir.length + 1)}`,
      );
    assert.ok(files.length > 30);
    const readable = async (/** @type {string[]} */ addresses) => {
      const open = [];
      for (const address of addresses)
        await fetch(address).then(
          () => open.push(address),
          () => null,
        );
      return open;
    };
    const page = await extended.openSite(feed.url, feed.html);
    assert.deepEqual(await page.page.evaluate(readable, files), []);
    assert.deepEqual(await spy.evaluate(readable, files), []);
    await page.page.close();
  });

  test("T1 A name that was turned to this computer is told that it is not meant", async () => {
    const page = await extended.browser.newPage();
    const address = `http://rebind.test:${companion.port}/`;
    assert.equal((await page.goto(address))?.status(), 421);
    // As it is done: the page comes from the stranger's own machine, then its name is turned, and its origin is the very one it asks.
    await companion.kill();
    const stranger = await startImpostor(companion.port);
    await page.goto(address);
    await stranger.end();
    companion = await startCompanion({ port: companion.port, data: companion.data });
    const status = await page.evaluate(() => fetch("/api/v1/hello").then((reply) => reply.status));
    assert.equal(status, 421);
    await page.close();
  });

  test("T2 T3 T6 A site changes nothing and cannot tell the companion from a closed port", async () => {
    const before = companion.run("export");
    const page = await extended.browser.newPage();
    await page.goto(site);
    const outcomes = await page.evaluate(async (address) => {
      const body = '{"labels":[]}';
      /** @type {(at: string) => Promise<string[]>} */
      const knock = async (at) => {
        const tell = (/** @type {Promise<unknown>} */ call) =>
          call.then(
            () => "answered",
            (error) => String(error),
          );
        const picture = new Promise((resolve) => {
          const image = new Image();
          image.onload = () => resolve("loaded");
          image.onerror = () => resolve("error");
          image.src = `${at}/dashboard/icon.svg`;
        });
        return [
          await tell(fetch(`${at}/api/v1/hello`)),
          await tell(fetch(`${at}/api/v1/hello`, { mode: "no-cors" })),
          await tell(fetch(`${at}/api/v1/labels`, { method: "POST", mode: "no-cors", body })),
          await tell(fetch(`${at}/connect.css`, { mode: "no-cors" })),
          /** @type {string} */ (await picture),
        ];
      };
      navigator.sendBeacon(`${address}/api/v1/labels`, body);
      return { open: await knock(address), closed: await knock("http://127.0.0.1:9") };
    }, companion.address);
    assert.deepEqual(outcomes.open, outcomes.closed);
    assert.equal(outcomes.open.includes("answered"), false);

    await page.evaluate((address) => {
      const form = document.createElement("form");
      Object.assign(form, { method: "post", enctype: "text/plain", action: `${address}/api/v1/labels` });
      form.innerHTML = '<input name=\'{"labels":[],"a":"\' value=\'"}\'>';
      document.body.append(form);
      form.submit();
    }, companion.address);
    await until(
      () => page.url().startsWith("chrome-error:") || page.url().includes("/api/v1/labels"),
      "the form has gone",
    );
    assert.doesNotMatch(await page.content(), /urn:soundings/);
    assert.equal(companion.run("export"), before);
    await page.close();
  });

  test("T7 No site can frame a page of ours", async () => {
    for (const path of ["/", "/connect", "/items"]) {
      const page = await extended.browser.newPage();
      await page.goto(site);
      await page.evaluate(
        (address) =>
          new Promise((resolve) => {
            const frame = document.createElement("iframe");
            frame.onload = () => resolve(null);
            frame.src = address;
            document.body.append(frame);
          }),
        companion.address + path,
      );
      await until(
        () =>
          page
            .frames()
            .some((frame) => frame !== page.mainFrame() && frame.url().startsWith("chrome-error:")),
        `the frame with ${path} is refused`,
      );
      await page.close();
    }
  });

  test("T19 A program that took the companion's port and says yes to all gets no word of a page", async () => {
    const { serverId } = await fetch(`${companion.address}/api/v1/hello`).then((reply) => reply.json());
    await companion.kill();
    await until(
      async () => (await extended.tell({ kind: "state", probe: true })).connection.state === "no-companion",
      "the extension has noticed that its companion is gone",
    );
    const impostor = await startImpostor(companion.port, serverId);
    const page = await extended.openSite(feed.url, feed.html);
    await until(
      async () =>
        (await extended.tell({ kind: "state", probe: true })).connection.state === "other-companion",
      "the extension says that this is not our companion",
    );
    await until(
      () => impostor.heard.some((line) => line.includes("/session")),
      "the impostor is asked to prove itself",
    );
    const words = feed.expected.map(({ text }) => text.slice(0, 30)).filter((text) => text.length > 20);
    assert.ok(words.length > 3);
    assert.deepEqual(
      impostor.heard.filter((line) => words.some((text) => line.includes(text)) || /Bearer/.test(line)),
      [],
    );
    await page.page.close();
    await impostor.end();
    companion = await startCompanion({ port: companion.port, data: companion.data });
    const again = await extended.openSite(feed.url, feed.html);
    await again.marked(feed.expected.length);
    await again.page.close();
  });
});
