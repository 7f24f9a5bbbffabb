// Sorts messages by trust: what a page's content script may ask, what only our own pages may, and what nobody may.
import { PORTS, siteOf } from "../protocol.js";

/** @typedef {import("../protocol.js").Site} Site */
/** @typedef {chrome.runtime.MessageSender} Sender */
/** @typedef {(message: any, from: {site: Site, tabId: number}) => Promise<unknown>} SiteHandler */
/** @typedef {(message: any, from: {port: number, tabId: number}) => Promise<unknown>} ConnectHandler */
/** @typedef {(message: any) => Promise<unknown>} PageHandler */

/** Who a message comes from; `siteOfPage`: which sites are read, LinkedIn and Facebook unless told otherwise; null: nobody we answer. The renderer of a page could be taken over, so what it may ask is little.
 * @param {Sender} sender @param {string} ownId @param {string} ownOrigin @param {(hostname: string) => Site | null} [siteOfPage]
 * @returns {{trust: "page"} | {trust: "site", site: Site, tabId: number} | {trust: "connect", port: number, tabId: number} | null} */
export function judgeSender(sender, ownId, ownOrigin, siteOfPage = siteOf) {
  if (sender.id !== ownId || !sender.url || !URL.canParse(sender.url)) return null;
  const url = new URL(sender.url);
  // Not url.origin: outside a browser, Node knows no origin for the schemes of extensions.
  if (sender.url.startsWith(`${ownOrigin}/`)) return { trust: "page" };
  const tabId = sender.tab?.id;
  if (tabId === undefined || sender.frameId !== 0) return null;
  if (sender.origin !== undefined && sender.origin !== url.origin) return null;
  const site = siteOfPage(url.hostname);
  if (site && url.protocol === "https:") return { trust: "site", site, tabId };
  const port = Number(url.port);
  if (url.protocol === "http:" && url.hostname === "127.0.0.1" && PORTS.includes(port))
    return { trust: "connect", port, tabId };
  return null;
}

export class Router {
  /** Messages that came from where they must not. */
  rejected = 0;
  #handlers;

  /** Each sender reaches its own handlers and no others.
   * @param {{site: Record<string, SiteHandler>, connect: Record<string, ConnectHandler>, page: Record<string, PageHandler>}} handlers */
  constructor(handlers) {
    this.#handlers = handlers;
  }

  /** The answer to a message, or null where it deserves none. @param {any} message @param {Sender} sender
   * @param {string} ownId @param {string} ownOrigin @param {(hostname: string) => Site | null} [siteOfPage]
   * @returns {Promise<unknown> | null} */
  route(message, sender, ownId, ownOrigin, siteOfPage) {
    const from = judgeSender(sender, ownId, ownOrigin, siteOfPage);
    const kind = typeof message?.kind === "string" ? message.kind : "";
    if (from && Object.hasOwn(this.#handlers[from.trust], kind)) {
      if (from.trust === "page") return this.#handlers.page[kind](message);
      if (from.trust === "site") return this.#handlers.site[kind](message, from);
      return this.#handlers.connect[kind](message, from);
    }
    this.rejected++;
    return null;
  }
}
