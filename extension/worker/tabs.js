// Speaks to the pages that are read: in every tab, in one, and in those that were open before we were.
import { readPages, siteOfPage, syncSites } from "./sites.js";
import { readSettings } from "./storage.js";

/** @typedef {import("../protocol.js").WorkerMessage} WorkerMessage */

/** @param {WorkerMessage} message */
export async function tellTabs(message) {
  const tabs = await chrome.tabs.query({ url: readPages() });
  await Promise.all(tabs.map((tab) => (tab.id === undefined ? null : tellTab(tab.id, message))));
}

/** What the tab's content script answers; null where there is none. @param {number} tabId @param {WorkerMessage} message
 * @returns {Promise<any>} */
export const tellTab = (tabId, message) =>
  chrome.tabs.sendMessage(tabId, message, { frameId: 0 }).catch(() => null);

export async function tellSettings() {
  const { mode, fade, drafts, sitesOff, pausedUntil } = await readSettings();
  const tabs = await chrome.tabs.query({ url: readPages() });
  for (const tab of tabs) {
    const site = siteOfPage(new URL(tab.url ?? "https://x.invalid").hostname);
    const off = site === null || sitesOff.includes(site);
    if (tab.id !== undefined)
      void tellTab(tab.id, { kind: "settings", on: !off && pausedUntil <= Date.now(), mode, fade, drafts });
  }
}

/** Pages that were open before the extension was, or was allowed to read them, get it without a reload. */
export async function enterOpenTabs() {
  await syncSites();
  const { js: files } = chrome.runtime.getManifest().content_scripts?.[0] ?? {};
  if (!files) return;
  for (const { id: tabId } of await chrome.tabs.query({ url: readPages() }))
    if (tabId !== undefined && (await tellTab(tabId, { kind: "report" })) === null)
      await chrome.scripting.executeScript({ target: { tabId }, files }).catch((error) => {
        console.info("Soundings: this tab needs a reload", error);
      });
}
