// The pack command: what one would hand to a friend, in dist/ — the companion for three systems and the extension for both browsers.
import { spawnSync } from "node:child_process";
import { copyFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { packExtension } from "./pack-extension.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, "dist");
const systems = ["win-x64", "linux-x64", "osx-arm64"];

rmSync(dist, { recursive: true, force: true });
for (const system of systems) {
  const folder = join(dist, `soundings-${system}`);
  run("dotnet", [
    "publish",
    "companion",
    "-c",
    "Release",
    "-r",
    system,
    "--self-contained",
    "-o",
    folder,
    "--nologo",
    "-v",
    "q",
  ]);
}
const archive = "soundings-chromium.zip";
const packed = join(dist, "extension");
await packExtension(packed);
run(process.execPath, [
  join(root, "tests", "node_modules", "web-ext", "bin", "web-ext.js"),
  "build",
  "--source-dir",
  packed,
  "--artifacts-dir",
  dist,
  "--filename",
  archive,
  "--no-config-discovery",
]); // prettier-ignore
rmSync(packed, { recursive: true });
copyFileSync(join(dist, archive), join(dist, "soundings-firefox.xpi"));
console.log(
  `Packed into dist: the companion for ${systems.join(", ")}, and the extension for Chromium (zip) and Firefox (xpi).`,
);

/** Runs one command and stops the packing where it fails. @param {string} command @param {string[]} args */
function run(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: "inherit" });
  if (status === 0) return;
  console.error(`Packing stopped at: ${command} ${args.join(" ")}${error ? ` (${error.message})` : ""}`);
  process.exit(1);
}
