// What the extension asks of a browser, and what it shows to pages: the manifest and the package as a stranger would check them.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, posix } from "node:path";
import { test } from "node:test";
import { filesOf, packExtension, extensionDir as root, weightOf } from "../pack-extension.mjs";

const manifest = JSON.parse(readFileSync(join(root, "manifest.json"), "utf8"));
const files = filesOf(root);
const source = (/** @type {string} */ name) => readFileSync(join(root, name), "utf8");

test("The extension asks for the listed permissions and no others", () => {
  assert.deepEqual([...manifest.permissions].sort(), ["alarms", "scripting", "sidePanel", "storage"]);
  assert.deepEqual(manifest.host_permissions, [
    "https://*.linkedin.com/*",
    "https://*.facebook.com/*",
    "http://127.0.0.1/*",
  ]);
  assert.deepEqual(manifest.optional_host_permissions, ["https://*/*"]);
  assert.equal(manifest.optional_permissions, undefined);
});

test("No page and no other extension can reach into the package", () => {
  assert.equal(manifest.web_accessible_resources, undefined);
  assert.deepEqual(manifest.externally_connectable, { ids: [] });
  assert.equal(manifest.incognito, "not_allowed");
});

test("The browser itself keeps our pages and worker from calling anything but this computer", () => {
  const directives = manifest.content_security_policy.extension_pages
    .split(";")
    .map((/** @type {string} */ part) => part.trim());
  assert.ok(directives.includes("connect-src 'self' http://127.0.0.1:*"));
  assert.ok(directives.includes("default-src 'none'"));
  assert.ok(directives.includes("script-src 'self'"));
});

test("One manifest serves both browsers, and says that nothing is collected", () => {
  assert.equal(manifest.background.service_worker, manifest.background.scripts[0]);
  assert.equal(manifest.background.type, "module");
  const { gecko, gecko_android } = manifest.browser_specific_settings;
  assert.deepEqual(gecko.data_collection_permissions, { required: ["none"] });
  assert.equal(gecko.strict_min_version, "142.0");
  assert.equal(gecko_android.strict_min_version, "142.0");
});

test("Every file that the manifest and the pages name is there, and every content script is named", () => {
  const named = [
    ...manifest.content_scripts.flatMap((/** @type {{js: string[]}} */ script) => script.js),
    ...Object.values(manifest.icons),
    manifest.background.service_worker,
    manifest.action.default_popup,
    manifest.side_panel.default_path,
    manifest.sidebar_action.default_panel,
  ];
  for (const page of files.filter((name) => name.endsWith(".html")))
    for (const [, path] of source(page).matchAll(/(?:src|href)="([^"#]+)"/g))
      named.push(posix.join("pages", path));
  for (const name of named) assert.ok(files.includes(name), `${name} is missing`);
  for (const name of files.filter((file) => file.startsWith("content/")))
    assert.ok(named.includes(name), `${name} is loaded by nothing: name it in manifest.json or remove it`);
});

test("The folder without icons weighs less than 360 KB, what is packed from it less than 150 KB", async (context) => {
  const packed = mkdtempSync(join(tmpdir(), "soundings-packed-"));
  context.after(() => rmSync(packed, { recursive: true }));
  await packExtension(packed);
  const plain = filesOf(packed).map((name) => name.replace(/\.gz$/, ""));
  assert.deepEqual(plain, files, "every file of the folder and no other");
  const [folder, pack] = [weightOf(root), weightOf(packed)];
  context.diagnostic(`folder ${folder} bytes, packed ${pack} bytes`);
  assert.ok(folder < 360_000, `${folder} bytes: look for what can go`);
  assert.ok(pack < 150_000, `${pack} bytes packed: look for what can go`);
});

test("Content scripts make no request, use no channel that a page can hear, and write no address of ours into it", () => {
  for (const name of files.filter((file) => file.startsWith("content/"))) {
    // The line that our own side panel opens is none a page can hear.
    const code = source(name).replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*$|\bpanel\.postMessage/gm, "");
    const found = code.match(
      /\bfetch\(|XMLHttpRequest|WebSocket|EventSource|sendBeacon|postMessage|CustomEvent|getURL|chrome-extension|moz-extension|innerHTML|insertAdjacentHTML|\beval\(|new Function/,
    );
    assert.equal(found?.[0], undefined, `${name} uses ${found?.[0]}`);
  }
});

test("Nothing in the package is fetched from elsewhere", () => {
  for (const name of files.filter((file) => /\.(html|css)$/.test(file)))
    assert.doesNotMatch(source(name), /(?:src|href)="https?:|url\(\s*["']?https?:|@import/, name);
});
