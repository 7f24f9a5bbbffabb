// The test command: runs every suite and every check in turn, and closes with one plain line of sums.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findBrowser } from "./extension/lib/browsers.mjs";

const testsDir = dirname(fileURLToPath(import.meta.url));
const root = dirname(testsDir);
const scratch = mkdtempSync(join(tmpdir(), "soundings-test-"));
const only = argument("--only");
/** The environment of every suite; `--long` asks the suites for their full runs instead of a seeded sample. */
const environment = {
  ...process.env,
  DOTNET_NOLOGO: "1",
  DOTNET_CLI_TELEMETRY_OPTOUT: "1",
  SOUNDINGS_LONG: process.argv.includes("--long") ? "1" : "",
  SOUNDINGS_FIGURES: join(scratch, "figures.txt"),
};

/** @typedef {{passed: number, failed: number}} Tally */
/** Each suite returns what it counted; a check without a count of its own is one test. */
const suites = [
  { name: "browsers", run: installBrowsers },
  {
    name: "build",
    run: () => check("dotnet", ["build", "Companion.sln", "-c", "Release", "--nologo", "-v", "q"]),
  },
  {
    name: "format",
    run: () => check("dotnet", ["format", "Companion.sln", "--verify-no-changes", "--no-restore"]),
  },
  { name: "lint", run: () => check("npm", ["run", "-s", "lint"], testsDir) },
  { name: "types", run: () => check("npm", ["run", "-s", "types"], testsDir) },
  { name: "web-ext", run: () => check("npm", ["run", "-s", "web-ext"], testsDir) },
  { name: "packages", run: checkPackages },
  { name: "companion", run: runCompanionTests },
  { name: "mutants", run: () => check(process.execPath, ["mutants.mjs"], testsDir) },
  { name: "extension", run: () => runNodeTests((name) => !name.includes(".browser.")) },
  { name: "in browsers", run: () => runNodeTests((name) => name.includes(".browser.")) },
];

/** @type {{name: string, tally: Tally, seconds: number}[]} */
const results = [];
for (const suite of suites) {
  if (only && suite.name !== only && suite.name !== "build") continue;
  console.log(`\n== ${suite.name}`);
  const started = Date.now();
  const tally = await suite.run();
  results.push({ name: suite.name, tally, seconds: (Date.now() - started) / 1000 });
  if (suite.name === "build" && tally.failed > 0) break; // nothing after it could say anything true
}

console.log("");
// What was measured and not judged.
if (existsSync(environment.SOUNDINGS_FIGURES))
  console.log(readFileSync(environment.SOUNDINGS_FIGURES, "utf8"));
rmSync(scratch, { recursive: true, force: true });
for (const { name, tally, seconds } of results)
  console.log(
    `${tally.failed ? "FAILED" : "ok    "} ${name.padEnd(12)} ${tally.passed} of ${tally.passed + tally.failed}, ${seconds.toFixed(0)} s`,
  );
const passed = results.reduce((sum, result) => sum + result.tally.passed, 0);
const failed = results.reduce((sum, result) => sum + result.tally.failed, 0);
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);

/** The value behind an option of this command, or undefined. @param {string} option */
function argument(option) {
  const at = process.argv.indexOf(option);
  return at < 0 ? undefined : process.argv[at + 1];
}

/** Runs a command with its output shown; resolves to its exit code (127: it could not be started).
 * @param {string} command @param {string[]} args @param {string} cwd @returns {Promise<number>} */
function show(command, args, cwd = root) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: environment,
      stdio: ["ignore", "inherit", "inherit"],
      shell: process.platform === "win32",
    });
    child.on("error", (error) => {
      console.error(`${command} could not be started: ${error.message}`);
      resolve(127);
    });
    child.on("exit", (code) => resolve(code ?? 1));
  });
}

/** One command as one test. @param {string} command @param {string[]} args @returns {Promise<Tally>} */
async function check(command, args, cwd = root) {
  const code = await show(command, args, cwd);
  if (code !== 0) console.error(`${command} ${args.join(" ")}: exit code ${code}`);
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** Both browsers must be there: installed on Debian-like systems as root, else one line says what to install.
 * @returns {Promise<Tally>} */
async function installBrowsers() {
  const packages = { chromium: "chromium", firefox: "firefox-esr" };
  const missing = () => Object.entries(packages).filter(([browser]) => !findBrowser(browser));
  if (missing().length > 0 && process.getuid?.() === 0 && spawnSync("apt-get", ["--version"]).status === 0) {
    const names = missing().map(([, name]) => name);
    await show("apt-get", ["update", "-qq"]);
    await show("apt-get", [
      "install",
      "-y",
      "-qq",
      "--no-install-recommends",
      ...names,
      "fonts-noto-color-emoji",
      "fonts-dejavu-core",
    ]);
  }
  const still = missing();
  for (const [browser] of still)
    console.error(
      `${browser} is missing. Install it (Debian: ${packages[browser]}) and run the tests again.`,
    );
  return { passed: 2 - still.length, failed: still.length };
}

/** No package with a known vulnerability. A registry that keeps no such list would call anything clean: then nothing is counted, and it is said.
 * @returns {Promise<Tally>} */
async function checkPackages() {
  const asked = spawnSync("dotnet", ["nuget", "list", "source", "--format", "short"], { encoding: "utf8" });
  const sources = (asked.stdout ?? "").match(/https?:\S+/g) ?? [];
  const lists = await Promise.all(
    sources.map((source) =>
      fetch(source, { signal: AbortSignal.timeout(20_000) }).then(
        async (reply) => (await reply.text()).includes("VulnerabilityInfo"),
        () => false,
      ),
    ),
  );
  if (!lists.includes(true)) {
    console.log("Not checked: the package registry here tells of no vulnerabilities.");
    return { passed: 0, failed: 0 };
  }
  const args = ["list", "Companion.sln", "package", "--vulnerable", "--include-transitive"];
  const { status, stdout } = spawnSync("dotnet", args, { cwd: root, encoding: "utf8" });
  const clean = status === 0 && !stdout.includes("has the following vulnerable packages");
  if (!clean) console.error(stdout);
  return clean ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** @returns {Promise<Tally>} */
async function runCompanionTests() {
  const code = await show("dotnet", [
    "test",
    "Companion.sln",
    "-c",
    "Release",
    "--no-build",
    "--nologo",
    "--logger",
    "trx",
    "--results-directory",
    scratch,
    "--logger",
    "console;verbosity=minimal",
  ]); // prettier-ignore
  const reports = readdirSync(scratch).filter((name) => name.endsWith(".trx"));
  if (reports.length === 0) return { passed: 0, failed: 1 };
  const tally = { passed: 0, failed: 0 };
  for (const name of reports) {
    const counters = readFileSync(join(scratch, name), "utf8").match(/<Counters [^>]*>/)?.[0] ?? "";
    const count = (/** @type {string} */ field) =>
      Number(counters.match(new RegExp(`\\b${field}="(\\d+)"`))?.[1] ?? 0);
    tally.passed += count("passed");
    tally.failed += count("total") - count("passed") - count("notExecuted");
  }
  if (code !== 0 && tally.failed === 0) tally.failed = 1; // the run broke outside a test
  return tally;
}

/** The files of tests/extension that `wanted` picks, one after another: browser tests share ports and cores.
 * @param {(name: string) => boolean} wanted @returns {Promise<Tally>} */
async function runNodeTests(wanted) {
  const files = readdirSync(join(testsDir, "extension"))
    .filter((name) => name.endsWith(".test.mjs") && wanted(name))
    .map((name) => join("extension", name));
  if (files.length === 0) return { passed: 0, failed: 1 };
  const report = join(scratch, `node-${Date.now()}.tap`);
  const code = await show(
    process.execPath,
    [
      "--test",
      "--test-concurrency=1",
      "--test-reporter=spec",
      "--test-reporter-destination=stdout",
      "--test-reporter=tap",
      `--test-reporter-destination=${report}`,
      ...files,
    ],
    testsDir,
  ); // prettier-ignore
  const tap = readFileSync(report, "utf8");
  const count = (/** @type {string} */ field) =>
    Number(tap.match(new RegExp(`^# ${field} (\\d+)$`, "m"))?.[1] ?? 0);
  const failed = count("fail") + count("cancelled");
  return { passed: count("pass"), failed: code !== 0 && failed === 0 ? 1 : failed };
}
