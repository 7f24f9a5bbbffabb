// What a page's accessibility check finds.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const axe = readFileSync(
  fileURLToPath(new URL("../../node_modules/axe-core/axe.min.js", import.meta.url)),
  "utf8",
);

/** What axe finds wrong, serious or critical. @param {import("puppeteer-core").Page} page @returns {Promise<string[]>} */
export async function troubles(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => /** @type {any} */ (window).axe.run());
  return violations
    .filter((/** @type {any} */ one) => ["serious", "critical"].includes(one.impact))
    .map(
      (/** @type {any} */ one) =>
        `${one.id}: ${one.nodes.map((/** @type {any} */ node) => node.html).join(", ")}`,
    );
}
