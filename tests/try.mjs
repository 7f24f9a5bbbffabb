// The try command: a first look without any account. A companion with sample data in a throw-away folder, and an
// installed Chromium with the extension loaded and paired, on sample pages that answer for the sites' own addresses.
// --check: without a window; exits 0 once the first mark is drawn.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findBrowser } from "./extension/lib/browsers.mjs";
import { startCompanion } from "./extension/lib/companion.mjs";
import { startExtended } from "./extension/lib/extended.mjs";
import { savedPages } from "./extension/lib/pages.mjs";
import { until } from "./extension/lib/until.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const checkOnly = process.argv.includes("--check");
const shownPages = ["linkedin-sdui-feed", "linkedin-post-comments", "facebook-group"];
const sampleDays = 56;
const batchSize = 100;

if (!findBrowser("chromium"))
  stop("Chromium is missing. Install it (Debian: chromium), or name its program in SOUNDINGS_CHROMIUM.", 2);
const build = spawnSync("dotnet", ["build", "companion", "-c", "Release", "--nologo", "-v", "q"], {
  cwd: root,
  stdio: ["ignore", "ignore", "inherit"],
});
if (build.status !== 0) stop("The companion could not be built.", 1);

const companion = await startCompanion();
/** @type {import("./extension/lib/extended.mjs").Extended | undefined} */
let extended;
let ending = false;
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => end(0));
try {
  await storeSamples();
  extended = await startExtended("chromium", { headless: checkOnly });
  const paired = await extended.tell({ kind: "pair", link: companion.link() });
  if (!paired.paired) throw new Error(`pairing failed: ${paired.why}`);
  if (!checkOnly) {
    const dashboard = await extended.browser.newPage();
    await dashboard.goto((await companion.ask("POST", "dash/ticket", {})).link);
  }
  for (const { url, html } of savedPages()
    .filter(({ name }) => shownPages.includes(name))
    .reverse()) {
    const site = await extended.openSite(url, html);
    const first = await until(
      async () => (await site.inspect()).find((item) => item.shown && item.depth !== null),
      `the first mark is drawn on ${url}`,
    );
    console.log(`${url}: a mark of ${first.depth} beside ${first.author}`);
    if (checkOnly) await end(0);
  }
  console.log(
    `The dashboard is at ${companion.address}. Everything is thrown away when you close the browser or press Ctrl+C.`,
  );
  extended.browser.on("disconnected", () => end(0));
} catch (error) {
  console.error(`The first look failed: ${error instanceof Error ? error.message : error}`);
  await end(1);
}

/** Eight weeks of invented reading and writing, from the project's own starter corpus. */
async function storeSamples() {
  const people = [
    "Ines Aldermoor",
    "Bram Oakhollow",
    "Lucia Fenwright",
    "Teo Marchbank",
    "Nadia Kestrelle",
    "Odd Havnes",
  ];
  const lines = ["nat-li-a", "nat-fb-a", "li-work"].flatMap((name) =>
    readFileSync(join(root, "seeds", `${name}.jsonl`), "utf8")
      .trimEnd()
      .split("\n"),
  );
  const items = lines.map((line, index) => {
    const { id, site, kind, text, parent } = JSON.parse(line);
    const mine = index % 4 === 0;
    const author = { name: mine ? "You" : people[index % people.length] };
    const hoursAgo = (index * sampleDays * 24) / lines.length;
    return {
      id: `sample:${id}`,
      site,
      kind,
      text,
      parent,
      mine,
      author,
      at: new Date(Date.now() - hoursAgo * 3_600_000).toISOString(),
    };
  });
  for (let at = 0; at < items.length; at += batchSize)
    await companion.ask("POST", "score", { items: items.slice(at, at + batchSize), observe: true });
}

/** Closes what was started, in any state of it, once. @param {number} code */
async function end(code) {
  if (ending) return;
  ending = true;
  await extended?.close().catch((error) => console.error(`The browser did not close: ${error.message}`));
  await companion.end();
  process.exit(code);
}

/** @param {string} message @param {number} code @returns {never} */
function stop(message, code) {
  console.error(message);
  process.exit(code);
}
