// Checks what a page's content script says before it goes anywhere: known fields only, of the right type and size.
import { MAX_TEXT_LENGTH } from "../protocol.js";

/** @typedef {import("../protocol.js").WireItem} WireItem @typedef {import("../protocol.js").Site} Site */
/** @typedef {import("../protocol.js").LabelMessage} LabelMessage @typedef {import("../protocol.js").ScoreRequest} ScoreRequest */

/** Longest key, id, name or address that is passed on. */
const MAX_FIELD_LENGTH = 2_000;

/** @param {unknown} value @param {number} [limit] */
const text = (value, limit = MAX_FIELD_LENGTH) =>
  typeof value === "string" && value.length > 0 ? value.slice(0, limit) : undefined;

/** The item with its known fields, or null where it is none. The site is the sender's, whatever the message says.
 * @param {any} raw @param {Site} site @returns {WireItem | null} */
export function cleanItem(raw, site) {
  const id = text(raw?.id);
  if (
    !id?.startsWith(`${site}:`) ||
    !["post", "comment", "reply"].includes(raw.kind) ||
    typeof raw.text !== "string"
  )
    return null;
  /** @type {WireItem} */
  const item = { id, kind: raw.kind, text: raw.text.slice(0, MAX_TEXT_LENGTH), site };
  const parent = text(raw.parent, MAX_TEXT_LENGTH);
  const parentId = text(raw.parentId);
  const at = text(raw.at);
  if (parent) item.parent = parent;
  if (parentId) item.parentId = parentId;
  if (at && !Number.isNaN(Date.parse(at))) item.at = at;
  if (raw.author) item.author = cleanAuthor(raw.author);
  if (typeof raw.mine === "boolean") item.mine = raw.mine;
  if (typeof raw.sponsored === "boolean") item.sponsored = raw.sponsored;
  return item;
}

/** @param {any} raw */
export const cleanAuthor = (raw) => ({ name: text(raw?.name) ?? null, url: text(raw?.url) ?? null });

/** @param {any} raw @param {Site} site @returns {ScoreRequest | null} */
export function cleanScoreRequest(raw, site) {
  const item = cleanItem(raw?.item, site);
  const hash = text(raw?.hash, 100);
  return item && hash ? { item, hash, observe: raw.observe === true } : null;
}

/** @param {any} raw @param {Site} site @returns {Omit<LabelMessage, "kind"> | null} */
export function cleanLabel(raw, site) {
  const item = cleanItem(raw?.item, site);
  if (!item || !isUlid(raw.id) || !["superficial", "substantive"].includes(raw.label)) return null;
  return { id: raw.id, item, label: raw.label, at: new Date(Date.parse(raw.at) || Date.now()).toISOString() };
}

/** @param {any} raw @param {Site} site */
export function cleanReaction(raw, site) {
  const item = text(raw?.id, 512);
  if (!item?.startsWith(`${site}:`)) return null;
  return { site, item, kind: "like", at: new Date(Date.parse(raw.at) || Date.now()).toISOString() };
}

/** @param {unknown} value */
export const isUlid = (value) => typeof value === "string" && /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(value);
