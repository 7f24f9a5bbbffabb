// Settings and pairing facts that outlive the worker: the only file that touches chrome.storage. No secret is kept here.

/** @typedef {import("../protocol.js").Mode} Mode @typedef {import("../protocol.js").Site} Site */
/** @typedef {{port: number, serverId: string, clientId: string, words: string, pairedAt: string}} Pairing */
/** @typedef {{pausedUntil: number, mode: Mode, fade: boolean, drafts: boolean, sitesOff: Site[], pairing: Pairing | null}} Settings */
/** The link that waits for the user's consent. @typedef {{port: number, ticket: string, at: number}} PendingPair */

/** @type {Settings} */
const defaults = { pausedUntil: 0, mode: "every", fade: false, drafts: true, sitesOff: [], pairing: null };

/** @returns {Promise<Settings>} */
export async function readSettings() {
  return /** @type {Settings} */ (await chrome.storage.local.get(defaults));
}

/** @param {Partial<Settings>} change */
export const writeSettings = (change) => chrome.storage.local.set(change);

/** Runs for each change of a setting. @param {() => void} listener */
export function onSettingsChange(listener) {
  chrome.storage.onChanged.addListener((changes, area) => {
    if (area === "local" && Object.keys(changes).some((name) => name in defaults)) listener();
  });
}

/** The user's own rule files as last taken from the companion. @typedef {{version: string, rules: Record<string, any>, refused: {file: string, reason: string}[]}} OwnRules */

/** @returns {Promise<OwnRules>} */
export async function readOwnRules() {
  const { ownRules } = await chrome.storage.local.get("ownRules");
  return /** @type {OwnRules | undefined} */ (ownRules) ?? { version: "", rules: {}, refused: [] };
}

/** @param {OwnRules} ownRules */
export const writeOwnRules = (ownRules) => chrome.storage.local.set({ ownRules });

/** Lives in memory of the browser only: a one-time ticket must not reach the disk. @returns {Promise<PendingPair | null>} */
export async function readPendingPair() {
  const { pendingPair } = await chrome.storage.session.get("pendingPair");
  return /** @type {PendingPair | undefined} */ (pendingPair) ?? null;
}

/** @param {PendingPair | null} pendingPair */
export const writePendingPair = (pendingPair) =>
  pendingPair ? chrome.storage.session.set({ pendingPair }) : chrome.storage.session.remove("pendingPair");
