// Which pages are read besides LinkedIn's and Facebook's: those the user allowed, one site at a time. The browser's own list of
// permissions is the only record of them.
import { siteOf } from "../protocol.js";
import { siteFor } from "./rules.js";

/** @typedef {import("../protocol.js").Site} Site */

const SCRIPT_ID = "sites";

/** Patterns the user allowed, null until the browser was asked. @type {string[] | null} */
let allowed = null;
/** The site of each host that was asked for since. @type {Map<string, Site>} */
const sites = new Map();

const scripts = () => chrome.runtime.getManifest().content_scripts?.[0] ?? {};

/** Patterns of every page that is read. */
export const readPages = () => [...(scripts().matches ?? []), ...(allowed ?? [])];

/** @param {string} hostname */
const isAllowed = (hostname) =>
  (allowed ?? []).some((pattern) => {
    const host = /^https:\/\/(\*\.)?([^/*]+)\/\*$/.exec(pattern);
    return (
      pattern === "https://*/*" ||
      (host && (hostname === host[2] || (host[1] && hostname.endsWith(`.${host[2]}`))))
    );
  });

/** The site an address belongs to; null where it is not read. Synchronous, for a message must be judged at once.
 * @param {string} hostname @returns {Site | null} */
export const siteOfPage = (hostname) =>
  siteOf(hostname) ?? (isAllowed(hostname) ? (sites.get(hostname) ?? "web") : null);

/** Makes sure that a message from this host can be judged. @param {string} hostname */
export async function prepareSite(hostname) {
  if (allowed === null) await syncSites();
  if (siteOf(hostname) === null && isAllowed(hostname)) sites.set(hostname, await siteFor(hostname));
}

/** Another rule file may name other hosts. */
export const forgetSites = () => sites.clear();

/** Content scripts stand on exactly the pages that the user allowed. @returns {Promise<string[]>} patterns that are new */
export async function syncSites() {
  const ours = [...(scripts().matches ?? []), "http://127.0.0.1/*"];
  const { origins = [] } = await chrome.permissions.getAll();
  const matches = origins.filter((one) => one.startsWith("https://") && !ours.includes(one)).sort();
  const [registered] = await chrome.scripting.getRegisteredContentScripts({ ids: [SCRIPT_ID] });
  const before = registered?.matches ?? [];
  allowed = matches;
  if (matches.join() === [...before].sort().join()) return [];
  if (registered) await chrome.scripting.unregisterContentScripts({ ids: [SCRIPT_ID] });
  if (matches.length > 0)
    await chrome.scripting.registerContentScripts([
      {
        id: SCRIPT_ID,
        matches,
        js: scripts().js ?? [],
        runAt: "document_start",
        persistAcrossSessions: true,
      },
    ]);
  return matches.filter((one) => !before.includes(one));
}
