// The packed extension in real browsers: what a friend is handed does what the folder does.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { packExtension } from "../pack-extension.mjs";
import { startCompanion } from "./lib/companion.mjs";
import { browserNames, startExtended } from "./lib/extended.mjs";
import { differences, savedPages } from "./lib/pages.mjs";
import { until } from "./lib/until.mjs";

for (const name of browserNames)
  test(`Packed, it reads and marks every item in ${name}, and its pages open`, async (context) => {
    const extension = mkdtempSync(join(tmpdir(), "soundings-packed-"));
    context.after(() => rmSync(extension, { recursive: true }));
    await packExtension(extension);
    const [companion, extended] = await Promise.all([startCompanion(), startExtended(name, { extension })]);
    context.after(() => companion.end());
    context.after(() => extended.close());
    const reply = await extended.tell({ kind: "pair", link: companion.link() });
    assert.equal(reply.paired, true, JSON.stringify(reply));
    const [saved] = savedPages();
    const site = await extended.openSite(saved.url, saved.html);
    const items = await site.marked(saved.expected.length);
    assert.deepEqual(differences(items, saved.expected, { soft: false }), []);
    const popup = await extended.openOwnPage("pages/popup.html");
    await popup.waitForSelector("#connection[data-state=connected]");
    const panel = await extended.openOwnPage("pages/panel.html", { apart: true });
    await site.page.bringToFront();
    await until(async () => (await panel.$$("li .summary")).length > 0, "the panel lists what is on screen");
  });
