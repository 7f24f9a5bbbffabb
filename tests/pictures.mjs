// Takes the pictures one judges the looks by: marks in each mode, card, panel, popup and consent page, light and dark.
// node tests/pictures.mjs [folder]; the README's picture is tests/pictures/marks.png.
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { startCompanion } from "./extension/lib/companion.mjs";
import { startExtended } from "./extension/lib/extended.mjs";
import { savedPages } from "./extension/lib/pages.mjs";
import { until } from "./extension/lib/until.mjs";

const folder = process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), "pictures");
const wanted = [
  "linkedin-sdui-post-comments",
  "linkedin-post-comments",
  "linkedin-classic-feed",
  "facebook-post-comments",
  "facebook-group",
];
const readmePage = "linkedin-sdui-post-comments";
const themes = /** @type {const} */ (["light", "dark"]);
mkdirSync(folder, { recursive: true });

const companion = await startCompanion({ port: null });
const extended = await startExtended("chromium");
try {
  await (await takeOwnPage("pair-typed", "pair", "light")).close();
  const before = await open(pageNamed(readmePage), "light");
  await (await takeOwnPage("panel-not-connected", "panel", "light")).close();
  await before.page.close();
  await takePairing();
  for (const theme of themes) {
    await extended.tell({ kind: "mode", mode: "every", fade: false });
    for (const saved of savedPages().filter(({ name }) => wanted.includes(name)))
      await takeMarks(saved, theme);
    await takeStates(theme);
  }
} finally {
  await extended.close();
  await companion.end();
}
console.log(`Pictures are in ${folder}`);

/** @param {import("puppeteer-core").Page} page @param {string} name @param {object} [options] */
function take(page, name, options) {
  return page.screenshot({ path: join(folder, `${name}.png`), ...options });
}

/** @param {string} wantedName */
function pageNamed(wantedName) {
  const saved = savedPages().find(({ name }) => name === wantedName);
  if (!saved) throw new Error(`${wantedName} is gone: name another page`);
  return saved;
}

/** @param {ReturnType<typeof savedPages>[number]} saved @param {typeof themes[number]} theme */
async function open({ url, html }, theme) {
  const site = await extended.openSite(url, theme === "dark" ? darkened(html) : html);
  await site.page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }]);
  return site;
}

/** @param {ReturnType<typeof savedPages>[number]} saved @param {typeof themes[number]} theme */
async function takeMarks(saved, theme) {
  const { name, expected } = saved;
  const site = await open(saved, theme);
  const items = await site.marked(expected.length);
  await take(site.page, `marks-${name}-${theme}`);
  const chosen = items.find(
    ({ verdict, rect }) => verdict === "substantive" && rect && rect.y > 60 && rect.y < 700,
  );
  if (chosen?.rect) {
    await site.page.mouse.click(
      chosen.rect.x + chosen.rect.width / 2,
      chosen.rect.y + chosen.rect.height / 2,
    );
    await until(async () => (await site.inspect()).some(({ labelRects }) => labelRects), "the card is open");
    await take(site.page, `card-${name}-${theme}`);
    if (name === readmePage && theme === "light")
      await take(site.page, "marks", { clip: { x: 320, y: 70, width: 600, height: 760 } });
  }
  await site.page.close();
}

/** The other modes, fading, panel and popup, on one page. @param {typeof themes[number]} theme */
async function takeStates(theme) {
  const saved = pageNamed("facebook-post-comments");
  const site = await open(saved, theme);
  await site.marked(saved.expected.length);
  await extended.tell({ kind: "mode", mode: "every", fade: true });
  await settled(site.page);
  await take(site.page, `fade-${theme}`);
  await extended.tell({ kind: "mode", mode: "quiet", fade: false });
  await settled(site.page);
  await take(site.page, `quiet-${theme}`);
  await extended.tell({ kind: "mode", mode: "panel" });
  await until(async () => (await site.inspect()).every(({ shown }) => !shown), "no mark is left");
  await take(site.page, `panel-mode-page-${theme}`);

  const panel = await takeOwnPage(`panel-${theme}`, "panel", theme, async (page) => {
    await page.waitForSelector("li");
  });
  await panel.click("li:nth-child(3) .summary");
  await settled(panel);
  await take(panel, `panel-card-${theme}`, { fullPage: true });
  await panel.close();
  await (await takeOwnPage(`popup-${theme}`, "popup", theme)).close();
  await extended.tell({ kind: "pause", minutes: 60 });
  await (await takeOwnPage(`panel-paused-${theme}`, "panel", theme)).close();
  await extended.tell({ kind: "pause", minutes: 0 });
  await site.page.close();
  await (await takeOwnPage(`panel-elsewhere-${theme}`, "panel", theme)).close();
}

/** @param {string} name @param {"panel" | "popup" | "pair"} which @param {typeof themes[number]} theme
 * @param {(page: import("puppeteer-core").Page) => Promise<unknown>} [ready] */
async function takeOwnPage(name, which, theme, ready) {
  const page = await extended.openOwnPage(`pages/${which}.html`);
  await page.setViewport({ width: which === "pair" ? 900 : 360, height: 760 });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }]);
  if (ready) await ready(page);
  await settled(page);
  await take(page, name, { fullPage: true });
  return page;
}

/** The consent page, as the link opens it, before and after its button. */
async function takePairing() {
  const page = await extended.browser.newPage();
  await page.goto(companion.link(), { waitUntil: "domcontentloaded" });
  const consent = await until(() => extended.findOwnPage("pages/pair.html"), "the consent page opens");
  await consent.setViewport({ width: 900, height: 760 });
  await consent.waitForSelector("#consent:not([hidden])");
  await take(consent, "pair-consent");
  await consent.click("#connect");
  await consent.waitForSelector("#done:not([hidden])");
  for (const theme of themes) {
    await consent.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }]);
    await settled(consent);
    await take(consent, `pair-done-${theme}`, { fullPage: true });
  }
  await consent.close();
  await page.close();
}

/** A picture only, so a moment will do: for the panel's answer and the veil's fade. @param {import("puppeteer-core").Page} page */
function settled(page) {
  return page.evaluate(() => new Promise((done) => setTimeout(done, 1_200)));
}

/** The site's own dark look, roughly: what the mark must follow is the ground behind the item. @param {string} html */
function darkened(html) {
  const style =
    "html,body,body *{background-color:#1b1f23!important;color:#e8eaed!important;border-color:#3a4046!important}";
  return html.replace("</head>", `<style>${style}</style></head>`);
}
