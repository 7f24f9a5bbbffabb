// A real companion for tests: the built program on a data folder of its own, killed and started again at will.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(
  new URL("../../../companion/bin/Release/net10.0/soundings.dll", import.meta.url),
);

/** @typedef {Awaited<ReturnType<typeof startCompanion>>} Companion */

/** @param {{port?: number | null, data?: string}} [options] port 0: any free one; null: the first free one of the list */
export async function startCompanion({
  port = 0,
  data = mkdtempSync(join(tmpdir(), "soundings-data-")),
} = {}) {
  const args = ["serve", "--no-browser", "--data", data, ...(port === null ? [] : ["--port", String(port)])];
  const child = spawn("dotnet", [program, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  // A test run that breaks off must not leave it behind.
  const killWithUs = () => child.kill("SIGKILL");
  process.once("exit", killWithUs);
  child.once("exit", () => process.off("exit", killWithUs));
  let said = "";
  const address = await new Promise((resolve, reject) => {
    const hear = (/** @type {Buffer} */ chunk) => {
      said += chunk;
      const found = /listening on (http:\/\/127\.0\.0\.1:\d+)/.exec(said);
      if (found) resolve(found[1]);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("exit", (code) => reject(new Error(`the companion ended with ${code}: ${said}`)));
  });
  const run = (/** @type {string[]} */ ...verb) =>
    execFileSync("dotnet", [program, ...verb, "--data", data], { encoding: "utf8", stdio: "pipe" });
  /** @type {string | undefined} */
  let token;
  const gone = new Promise((resolve) => child.on("exit", resolve));

  return {
    data,
    address,
    port: Number(new URL(address).port),
    /** Runs a verb of the program on the same folder; its output. */
    run,
    /** A fresh one-time pairing link. */
    link: () => run("connect").split("\n")[0].trim(),
    /** The code to type instead. */
    code: () =>
      /[0-9A-Z]{5}-[0-9A-Z]{5}/.exec(
        execFileSync("sh", ["-c", 'dotnet "$0" connect --data "$1" 2>&1', program, data], {
          encoding: "utf8",
        }),
      )?.[0] ?? "",
    /** Asks its API as a script would. @param {string} method @param {string} path @param {object} [body] */
    async ask(method, path, body) {
      token ??= run("token", "--scope", "cli").trim();
      const response = await fetch(`${address}/api/v1/${path}`, {
        method,
        headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
        body: body && JSON.stringify(body),
      });
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
      return response.status === 204 ? null : response.json();
    },
    /** The power cut: no goodbye. */
    async kill() {
      child.kill("SIGKILL");
      await gone;
    },
    /** Ends it and removes its data. */
    async end() {
      child.kill("SIGTERM");
      await gone;
      rmSync(data, { recursive: true, force: true });
    },
  };
}
