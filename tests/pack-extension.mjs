// Makes the packed extension out of the folder: the same files, with what only a reader of the code needs left out. What is packed
// depends on the folder alone, byte for byte.
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, extname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { minify } from "terser";

export const extensionDir = fileURLToPath(new URL("../extension", import.meta.url));

/** The files of a folder, as paths from it with slashes. @param {string} folder */
export const filesOf = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .sort();

/** Bytes of an extension's files without its icons. @param {string} folder */
export const weightOf = (folder) =>
  filesOf(folder)
    .filter((name) => !name.startsWith("icons/"))
    .reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);

/** @param {string} target an empty or absent folder */
export async function packExtension(target) {
  for (const name of filesOf(extensionDir)) {
    const [from, to] = [join(extensionDir, name), join(target, name)];
    mkdirSync(dirname(to), { recursive: true });
    const shorten = shorteners[extname(name)];
    const short = shorten && (await shorten(readFileSync(from, "utf8")));
    if (name.startsWith("sites/")) writeFileSync(`${to}.gz`, gzipSync(short, { level: 9 }));
    else if (name === "worker/rules.js") writeFileSync(to, nameCompressed(short));
    else if (shorten) writeFileSync(to, short);
    else cpSync(from, to);
  }
}

/** Rule files compress well, and the worker reads them either way: only their name must be told. @param {string} code */
function nameCompressed(code) {
  const name = /(`sites\/\$\{\w+\}\.json)`/g;
  if (code.match(name)?.length !== 1) throw new Error("worker/rules.js no longer names the rule files once");
  return code.replace(name, "$1.gz`");
}

/** How each kind of file is shortened. @type {Record<string, (source: string) => string | Promise<string>>} */
const shorteners = {
  ".js": shortenScript,
  // A rule file's notes are for those who mend it.
  ".json": (source) =>
    JSON.stringify(JSON.parse(source, (key, value) => (key === "note" ? undefined : value))),
  ".css": (source) =>
    source
      .replace(/\/\*[\s\S]*?\*\//g, "")
      .replace(/\s+/g, " ")
      .replace(/ ?([{};,]) ?/g, "$1")
      .replace(/: /g, ":")
      .trim(),
  ".html": (source) => source.replace(/\n\s*/g, "\n"),
};

/** Names at the top of a classic script stay: the content scripts know each other by them. @param {string} source */
async function shortenScript(source) {
  const module = /^(import|export) /m.test(source);
  const { code } = await minify(source, { module, ecma: 2020, compress: { passes: 2 } });
  if (code === undefined) throw new Error("terser gave no code");
  return code;
}
