// The saved pages and what a reader should get from them: every folder of pages has a manifest and an .expected.json beside each page.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { JSDOM } from "jsdom";
import { expandParts } from "../../../extension/worker/rule-parts.js";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const folders = ["tests/replicas", "tests/replicas/variants"];

/** The reader's files, in the order of the manifest's content scripts. */
export const readerFiles = [
  "find.js",
  "read-text.js",
  "person.js",
  "thread.js",
  "extract.js",
  "composer.js",
  "own-rules.js",
].map((name) => join(root, "extension/content", name));
export const readerSource = () => readerFiles.map((path) => readFileSync(path, "utf8")).join("\n");

/** @param {string} site */
export const rulesOf = (site) =>
  expandParts(JSON.parse(readFileSync(join(root, "extension/sites", `${site}.json`), "utf8")));

/** Every saved page: name, address, markup, who is signed in, what is on it. */
export function savedPages() {
  return folders.flatMap((folder) =>
    Object.entries(JSON.parse(readFileSync(join(root, folder, "manifest.json"), "utf8"))).map(
      ([name, { url, site, ...page }]) => ({
        name,
        url,
        site: site ?? name.split("-")[0],
        html: readFileSync(join(root, folder, `${name}.html`), "utf8"),
        expected: JSON.parse(readFileSync(join(root, folder, `${name}.expected.json`), "utf8")),
        ...page,
      }),
    ),
  );
}

const fields = ["kind", "id", "author", "text", "parentId", "mine", "sponsored"];

/** What is wrong with what was read, in sentences; empty when it is what was expected.
 * @param {any[]} read @param {any[]} expected @param {{soft: boolean}} options soft: fields that need layout are let off */
export function differences(read, expected, { soft }) {
  const left = [...read];
  const wrong = [];
  for (const item of expected) {
    const ids = [item.id, ...(item.altIds ?? [])];
    const at = left.findIndex((other) =>
      item.id === null ? other.id === null && other.text === item.text : ids.includes(other.id),
    );
    if (at < 0) {
      if (!item.behindDialog) wrong.push(`missing ${item.kind} ${item.id} by ${item.author}`);
      continue;
    }
    const [found] = left.splice(at, 1);
    for (const field of fields) {
      if (field === "id" || (soft && item.soft?.includes(field))) continue;
      if (JSON.stringify(found[field]) !== JSON.stringify(item[field]))
        wrong.push(
          `${item.kind} ${item.id}: ${field} is ${JSON.stringify(found[field])}, not ${JSON.stringify(item[field])}`,
        );
    }
  }
  for (const extra of left)
    wrong.push(`not an item: ${extra.kind} ${extra.id} by ${extra.author}: ${extra.text.slice(0, 80)}`);
  return wrong;
}

/** A page with the reader in it, as a content script would be. @param {string} html @param {string} url */
export function pageOf(html, url) {
  const { window } = new JSDOM(html, { url, runScripts: "outside-only" });
  window.eval(
    `${readerSource()}\nwindow.Find = Find; window.Extract = Extract; window.ReadText = ReadText; window.Composer = Composer; window.OwnRules = OwnRules;`,
  );
  return window;
}
