// Hands out the site rules: those packed with the extension, or newer ones of the user's that the companion holds, checked once more.
import { SITES } from "../protocol.js";
import { objectionTo } from "./rule-checks.js";
import { expandParts } from "./rule-parts.js";
import { readOwnRules, writeOwnRules } from "./storage.js";

/** @typedef {{version: string, rules: Record<string, object> | null, refused: {file: string, reason: string}[]}} RulesAnswer */
/** @typedef {import("./companion-client.js").CompanionClient} Client */

/** Between two questions to the companion, ms. */
const ASK_AGAIN_MS = 3_000;

/** @type {Map<string, Promise<any>>} */
const packed = new Map();
let askedAt = 0;

/** @param {string} site @returns {Promise<any>} */
function readPacked(site) {
  const known =
    packed.get(site) ??
    fetch(chrome.runtime.getURL(`sites/${site}.json`))
      .then(readJson)
      .then(expandParts);
  packed.set(site, known);
  return known;
}

/** The rules of a site, the newest that can be used; null where there are none. @param {string} site @returns {Promise<any>} */
export async function readRules(site) {
  const ours = SITES.includes(site) ? await readPacked(site) : null;
  const own = (await readOwnRules()).rules[site];
  return own && (!ours || own.serial > ours.serial) ? { ...own, own: true } : ours;
}

/** The site whose rules an address is read by: one that names its host, else the one for pages that mark themselves up.
 * @param {string} hostname @returns {Promise<string>} */
export async function siteFor(hostname) {
  const { rules } = await readOwnRules();
  const all = [...Object.values(rules), ...(await Promise.all(SITES.map(readPacked)))];
  return all.find(({ hosts }) => hosts.includes(hostname))?.site ?? "web";
}

/** Asks the companion for the user's own rule files; true where what counts has changed. @param {Client} client @param {number} now
 * @returns {Promise<boolean>} */
export async function refreshRules(client, now) {
  if (now - askedAt < ASK_AGAIN_MS) return false;
  askedAt = now;
  const before = await readOwnRules();
  const outcome = await client.call("GET", `rules${before.version ? `?version=${before.version}` : ""}`);
  if (!outcome.ok || outcome.data.version === before.version) return false;
  const after = takeRules(outcome.data, before.rules);
  await writeOwnRules(after);
  return JSON.stringify(after.rules) !== JSON.stringify(before.rules);
}

/** A page found that it cannot use a site's own rules: ours serve again until the file changes. @param {string} site @param {string} reason */
export async function dropRules(site, reason) {
  const own = await readOwnRules();
  delete own.rules[site];
  await writeOwnRules({ ...own, refused: [...own.refused, { file: `${site}.json`, reason }] });
}

/** What is kept of an answer: rules that pass, the last good ones of a file that does not, and every refusal.
 * @param {RulesAnswer} answer @param {Record<string, any>} before @returns {import("./storage.js").OwnRules} */
export function takeRules({ version, rules, refused }, before) {
  /** @type {Record<string, any>} */
  const taken = {};
  const objections = refused.map(({ file, reason }) => ({ file: String(file), reason: String(reason) }));
  for (const { file } of objections) {
    const site = file.replace(/\.json$/, "");
    if (Object.hasOwn(before, site)) taken[site] = before[site];
  }
  for (const [site, raw] of Object.entries(rules ?? {})) {
    let written = null;
    let objection = null;
    try {
      written = expandParts(/** @type {any} */ (raw));
      objection = written.site === site ? objectionTo(written) : "it is another site's";
    } catch (error) {
      objection = error instanceof Error ? error.message : String(error);
    }
    if (objection === null) taken[site] = written;
    else {
      objections.push({ file: `${site}.json`, reason: objection });
      if (Object.hasOwn(before, site)) taken[site] = before[site];
    }
  }
  return { version, rules: taken, refused: objections };
}

/** The packed extension holds its rule files compressed, the folder as they are written. @param {Response} file */
function readJson(file) {
  if (!file.url.endsWith(".gz") || !file.body) return file.json();
  return new Response(file.body.pipeThrough(new DecompressionStream("gzip"))).json();
}
