// Takes the pictures one judges the looks by: marks, card, popup and dashboard, light and dark.
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
mkdirSync(folder, { recursive: true });

const companion = await startCompanion();
const extended = await startExtended("chromium");
try {
  await extended.tell({ kind: "pair", link: companion.link() });
  for (const theme of /** @type {const} */ (["light", "dark"]))
    for (const { name, url, html, expected } of savedPages().filter(({ name }) => wanted.includes(name))) {
      const site = await extended.openSite(url, theme === "dark" ? darkened(html) : html);
      await site.page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }]);
      const items = await site.marked(expected.length);
      await site.page.screenshot({ path: join(folder, `marks-${name}-${theme}.png`) });
      const open = items.find(
        ({ verdict, rect }) => verdict === "substantive" && rect && rect.y > 60 && rect.y < 700,
      );
      if (open?.rect) {
        await site.page.mouse.click(open.rect.x + open.rect.width / 2, open.rect.y + open.rect.height / 2);
        await until(
          async () => (await site.inspect()).some(({ labelRects }) => labelRects),
          "the card is open",
        );
        await site.page.screenshot({ path: join(folder, `card-${name}-${theme}.png`) });
        if (name === readmePage && theme === "light")
          await site.page.screenshot({
            path: join(folder, "marks.png"),
            clip: { x: 320, y: 70, width: 600, height: 760 },
          });
      }
      await site.page.close();
    }
  for (const theme of /** @type {const} */ (["light", "dark"])) {
    const page = await extended.openOwnPage("pages/popup.html");
    await page.setViewport({ width: 360, height: 560 });
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }]);
    await page.screenshot({ path: join(folder, `popup-${theme}.png`) });
    await page.close();
  }
} finally {
  await extended.close();
  await companion.end();
}
console.log(`Pictures are in ${folder}`);

/** The site's own dark look, roughly: what the mark must follow is the ground behind the item. @param {string} html */
function darkened(html) {
  const style =
    "html,body,body *{background-color:#1b1f23!important;color:#e8eaed!important;border-color:#3a4046!important}";
  return html.replace("</head>", `<style>${style}</style></head>`);
}
