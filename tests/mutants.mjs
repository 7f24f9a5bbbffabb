// Gate mutants: for each gate a companion in which that one gate is missing, against which the public tests must turn red.
// The tree is copied, every row of mutants.jsonl is built into the copy behind a switch, and the tests run once for each switch:
// `find` stands once in `file`, an expression that becomes `instead`, or (where there is no `instead`) a statement that is left out.
import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const testsDir = dirname(fileURLToPath(import.meta.url));
const root = dirname(testsDir);
/** What the program is built from, and what its tests look for in the repository. */
const parts = [
  ...["companion", "global.json", "Directory.Build.props", "Directory.Packages.props"],
  ...["Companion.sln", "tests/exports", "tests/replicas"],
];

/** @typedef {{gate: string, what: string, file: string, find: string, instead?: string, tests: string}} Mutant */

/** @type {Mutant[]} */
const all = readFileSync(join(testsDir, "mutants.jsonl"), "utf8")
  .split("\n")
  .filter(Boolean)
  .map((line) => JSON.parse(line));
const seed = Number(process.env.SOUNDINGS_SEED || 1);
const chosen = process.env.SOUNDINGS_LONG ? all : sample(all);
console.log(
  `${chosen.length} of ${all.length} gate mutants, seed ${seed}${process.env.SOUNDINGS_LONG ? "" : " (all of them with --long)"}`,
);

const copy = mkdtempSync(join(tmpdir(), "soundings-mutants-"));
try {
  await build();
  const control = await tests([...new Set(chosen.map((mutant) => mutant.tests))].join("|"), "");
  if (control.code !== 0) fail(`With every gate in place the tests must pass:\n${control.said}`);
  let caught = 0;
  for (const mutant of chosen) {
    const { code, said } = await tests(mutant.tests, name(mutant));
    // Red by a failed test, not by a run that broke.
    const failed = Number(said.match(/Failed:\s+(\d+)/)?.[1] ?? 0);
    if (code !== 0 && failed > 0) caught++;
    else console.error(`NOT CAUGHT  ${mutant.gate}: ${mutant.what} (${mutant.tests})\n${said}`);
  }
  console.log(`gate mutants caught: ${caught} of ${chosen.length}`);
  process.exitCode = caught === chosen.length ? 0 : 1;
} finally {
  rmSync(copy, { recursive: true, force: true });
}

/** One mutant of each gate, another one with another seed. @param {Mutant[]} mutants */
function sample(mutants) {
  const byGate = Map.groupBy ? Map.groupBy(mutants, (mutant) => mutant.gate) : group(mutants);
  return [...byGate.values()].map((of) => of[seed % of.length]);
}

/** @param {Mutant[]} mutants @returns {Map<string, Mutant[]>} */
function group(mutants) {
  const byGate = new Map();
  for (const mutant of mutants) byGate.set(mutant.gate, [...(byGate.get(mutant.gate) ?? []), mutant]);
  return byGate;
}

/** @param {Mutant} mutant */
function name(mutant) {
  return `${mutant.gate} ${mutant.what}`;
}

/** Copies the program and its tests, and compiles the copy with every mutant in it, each behind its switch. */
async function build() {
  for (const part of parts)
    cpSync(join(root, part), join(copy, part), {
      recursive: true,
      preserveTimestamps: true,
      filter: (path) => !/[\\/]bin([\\/]|$)/.test(path),
    });
  cpSync(join(testsDir, "companion", "bin", "Release", "net10.0"), join(copy, "run"), { recursive: true });
  for (const mutant of all) {
    const path = join(copy, mutant.file);
    const code = readFileSync(path, "utf8");
    if (code.split(mutant.find).length !== 2)
      fail(
        `mutants.jsonl: "${mutant.find}" stands ${code.split(mutant.find).length - 1} times in ${mutant.file}, not once.`,
      );
    const on = `Mutants.On(${JSON.stringify(name(mutant))})`;
    const switched =
      mutant.instead === undefined
        ? `if (!${on}) ${mutant.find}`
        : `(${on} ? (${mutant.instead}) : (${mutant.find}))`;
    writeFileSync(
      path,
      code.replace(mutant.find, () => switched),
    );
  }
  writeFileSync(
    join(copy, "companion", "Mutants.cs"),
    `namespace Soundings;
internal static class Mutants
{
    private static readonly string? Name = Environment.GetEnvironmentVariable("SOUNDINGS_MUTANT");
    public static bool On(string name) => name == Name;
}
`,
  );
  // Compiled only: nothing is trained, copied or checked for style.
  const { code, said } = await run("dotnet", [
    ...[
      "build",
      join(copy, "companion"),
      "-t:PrepareResources;Compile",
      "-c",
      "Release",
      "--nologo",
      "-v",
      "q",
    ],
    ...["-p:TreatWarningsAsErrors=false", "-p:EnforceCodeStyleInBuild=false", "-p:RunAnalyzers=false"],
    ...["-p:GenerateDocumentationFile=false", "-p:NoWarn=CS1591%3BCS0162%3BCS8602"],
  ]);
  if (code !== 0) fail(`The copy with the mutants does not build:\n${said}`);
  cpSync(
    join(copy, "companion", "obj", "Release", "net10.0", "soundings.dll"),
    join(copy, "run", "soundings.dll"),
  );
}

/** Runs test classes of the copy with one mutant switched on ("" for none). @param {string} classes @param {string} mutant */
function tests(classes, mutant) {
  const filter = classes
    .split("|")
    .map((name) => `FullyQualifiedName~.${name}.`)
    .join("|");
  return run(
    "dotnet",
    ["test", join(copy, "run", "Companion.Tests.dll"), "--nologo", "--filter", filter],
    mutant,
  );
}

/** @param {string} command @param {string[]} args @param {string} mutant @returns {Promise<{code: number, said: string}>} */
function run(command, args, mutant = "") {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: copy,
      env: { ...process.env, SOUNDINGS_MUTANT: mutant },
      stdio: ["ignore", "pipe", "pipe"],
      shell: process.platform === "win32",
    });
    let said = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text) => {
        said += text;
      });
    child.on("error", (error) => resolve({ code: 127, said: error.message }));
    child.on("close", (code) => resolve({ code: code ?? 1, said }));
  });
}

/** @param {string} message @returns {never} */
function fail(message) {
  throw new Error(message);
}
