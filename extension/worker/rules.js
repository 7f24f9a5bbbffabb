// Hands out the site rules packed with the extension, each read once.

import { expandParts } from "./rule-parts.js";

/** @typedef {import("../protocol.js").Site} Site */

/** @type {Map<Site, Promise<object>>} */
const cached = new Map();

/** @param {Site} site @returns {Promise<object>} */
export function readRules(site) {
  const known =
    cached.get(site) ??
    fetch(chrome.runtime.getURL(`sites/${site}.json`))
      .then((file) => file.json())
      .then(expandParts);
  cached.set(site, known);
  return known;
}
