// A browser with the extension loaded as its real manifest says: the sites' own addresses are answered with saved pages.
import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import puppeteer from "puppeteer-core";
import { findBrowser } from "./browsers.mjs";
import { until } from "./until.mjs";

const extensionDir = fileURLToPath(new URL("../../../extension", import.meta.url));
const geckoId = "soundings@soundings.invalid";

/** @typedef {"chromium" | "firefox"} BrowserName */
/** @typedef {Awaited<ReturnType<typeof startExtended>>} Extended */

export const browserNames = /** @type {BrowserName[]} */ (
  (process.env.SOUNDINGS_BROWSERS ?? "chromium firefox").split(" ")
);

/** @param {BrowserName} name @param {{extension?: string, headless?: boolean, others?: string[], args?: string[]}} [options] another folder
 * to load; a window; in Chromium: other extensions beside ours, further arguments */
export async function startExtended(
  name,
  { extension = extensionDir, headless = true, others = [], args = [] } = {},
) {
  const executablePath = findBrowser(name);
  const uuid = randomUUID();
  const browser =
    name === "chromium"
      ? await puppeteer.launch({
          executablePath,
          headless,
          defaultViewport: headless ? undefined : null,
          pipe: true,
          enableExtensions: [extension, ...others],
          args: ["--no-sandbox", "--force-device-scale-factor=1", ...args],
        })
      : await puppeteer.launch({
          browser: "firefox",
          executablePath,
          headless: true,
          args: ["--remote-allow-system-access"],
          extraPrefsFirefox: {
            "extensions.webextensions.uuids": JSON.stringify({ [geckoId]: uuid }),
            "app.update.enabled": false,
          },
        });
  let base = `moz-extension://${uuid}`;
  if (name === "chromium") {
    const worker = await browser.waitForTarget(
      (target) =>
        target.type() === "service_worker" && /^chrome-extension:.*\/worker\/main\.js$/.test(target.url()),
    );
    base = new URL(worker.url()).origin;
    if (base === "null") base = worker.url().split("/").slice(0, 3).join("/"); // Node knows no origin for that scheme
  } else await browser.installExtension(extension);

  const own = await openOwnPage("pages/pair.html");

  /** A page of the extension itself. @param {string} path @param {{apart?: boolean}} [options] in a window of its own: a site's tab
   * behind another one draws nothing and sees nothing */
  async function openOwnPage(path, { apart = false } = {}) {
    const page = await browser.newPage(apart ? { type: "window" } : undefined);
    const going = page.goto(`${base}/${path}`);
    // In Firefox the navigation to an extension page never reports its end.
    if (name === "chromium") await going;
    else going.catch(() => null);
    await until(
      () =>
        page.evaluate(() => document.readyState === "complete" && typeof chrome?.runtime?.id === "string"),
      `the extension page ${path} opens`,
    );
    return page;
  }

  return {
    name,
    browser,
    base,
    openOwnPage,
    /** The page that the extension itself opened at a path. @param {string} path */
    async findOwnPage(path) {
      for (const page of await browser.pages()) {
        if (page === own) continue;
        // In Firefox the address of such a tab is not reported: ask the page.
        const address = await page.evaluate(() => location.href).catch(() => "");
        if (address === `${base}/${path}`) return page;
      }
      return null;
    },
    /** Says something to the worker, as a page of the extension does. @param {object} message @returns {Promise<any>} */
    tell: (message) => own.evaluate((said) => chrome.runtime.sendMessage(said), message),
    /** Opens an address that is answered with this markup, and makes it the tab in front.
     * @param {string} url @param {string} html
     * @param {{width?: number, height?: number, files?: (url: string) => {contentType: string, body: string} | null}} [options] */
    async openSite(url, html, { width = 1280, height = 900, files = () => null } = {}) {
      const page = await browser.newPage();
      await page.setViewport({ width, height });
      await page.setRequestInterception(true);
      page.on("request", (request) => {
        if (request.url() === url)
          request.respond({
            status: 200,
            contentType: "text/html; charset=utf-8",
            body: html.replaceAll(' loading="lazy"', ""),
          });
        else {
          const file = files(request.url());
          if (file) request.respond({ status: 200, ...file });
          else request.abort();
        }
      });
      // Images fail at once and are then drawn otherwise: that must be over before anything is measured.
      await page.goto(url, { waitUntil: "load" });
      await page.bringToFront();
      const tabId = await own.evaluate(async (address) => {
        const tabs = await chrome.tabs.query({});
        return tabs.filter((tab) => tab.url?.split("#")[0] === address.split("#")[0]).at(-1)?.id;
      }, url);
      const inspect = () =>
        own.evaluate((id) => chrome.runtime.sendMessage({ kind: "inspect", tabId: id }), tabId);
      return {
        page,
        tabId,
        /** @returns {Promise<import("../../../extension/protocol.js").InspectedItem[]>} */
        inspect,
        /** Waits until the extension reports so many items, all with a mark and a score. @param {number} count
         * @returns {Promise<import("../../../extension/protocol.js").InspectedItem[]>} */
        marked: (count) =>
          until(async () => {
            const items = await inspect();
            return items.length >= count &&
              items.every((/** @type {any} */ item) => item.shown && item.depth !== null)
              ? items
              : null;
          }, `${count} items are marked`),
      };
    },
    /** The extension starts anew, as after an update; pages of its own are closed by that. */
    reload: () => own.evaluate(() => chrome.runtime.reload()).catch(() => null),
    close: () => browser.close(),
  };
}
