// Which tab popup and panel are about, and how the panel is opened.
/** @typedef {import("../protocol.js").Site} Site @typedef {{tabId: number, site: Site}} SiteTab */

export const ORIGINS = ["http://127.0.0.1/*", "https://*.linkedin.com/*", "https://*.facebook.com/*"];

/** @template {HTMLElement} T @param {string} id @returns {T} */
export const get = (id) => /** @type {T} */ (document.getElementById(id));

/** @param {object} message @returns {Promise<any>} */
export const tell = (message) => chrome.runtime.sendMessage(message);

/** The tab in front, or, where this page is a tab itself, the site's tab used last; null where it shows none of the sites.
 * @returns {Promise<SiteTab | null>} */
export async function findTab() {
  const [front] = await chrome.tabs.query({ active: true, currentWindow: true });
  // Of pages that are not read the browser does not tell the address.
  const known = (await chrome.tabs.query({})).filter((one) => one.url?.startsWith("https:"));
  known.sort((a, b) => (b.lastAccessed ?? 0) - (a.lastAccessed ?? 0));
  const own = await chrome.tabs.getCurrent();
  const tab = !front || front.id === own?.id || front.url === location.href ? known[0] : front;
  const site = tab?.url ? await tell({ kind: "siteOf", url: tab.url }) : null;
  return site && tab.id !== undefined ? { tabId: tab.id, site } : null;
}

/** Both browsers open it only from within a click, and nothing may be awaited before. @returns {Promise<void>} */
export function openPanel() {
  const { sidebarAction, sidePanel } = /** @type {any} */ (chrome);
  return sidebarAction
    ? sidebarAction.open()
    : sidePanel.open({ windowId: chrome.windows.WINDOW_ID_CURRENT });
}
