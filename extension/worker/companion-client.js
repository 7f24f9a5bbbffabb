// Speaks with the companion: the only file that calls it. Finds its port, proves it before a word of text is sent, and says
// exactly what stands in the way when it cannot.
import { PORTS, PROTOCOL } from "../protocol.js";
import { calm, failed, mayTry } from "./backoff.js";
import { hmacKey, randomBytes, sha256, sign, toBase64Url, verify } from "./bytes.js";

/** @typedef {import("../protocol.js").Connection} Connection @typedef {import("../protocol.js").ConnectionState} ConnectionState */
/** @typedef {import("./storage.js").Pairing} Pairing */
/** @typedef {{port: number, token: string, proofKey: CryptoKey, expiresAtMs: number}} Session */
/** What a knock on a port found. @typedef {{port: number, found: "nothing" | "other-program" | "other-version" | "soundings", serverId?: string, detail?: string}} Knock */
/** @typedef {{status: number, bytes: Uint8Array<ArrayBuffer>, headers: Headers, json: any}} Reply */
/**
 * How a call ended. `refused`: a proven companion understood and will not do it, so asking again is useless.
 * @typedef {{ok: true, data: any} | {ok: false, refused: boolean, status: number, cause: string}} Outcome
 */

/** A knock answers at once or not at all, ms. */
const KNOCK_TIMEOUT_MS = 2_000;
/** A reply slower than this counts as lost and is asked for again, ms. */
const CALL_TIMEOUT_MS = 10_000;
/** A session is renewed this long before it ends, ms. */
const SESSION_MARGIN_MS = 30_000;

export class CompanionClient {
  /** @type {Connection} */
  connection = { state: "unknown", port: null, detail: null };
  /** @type {Session | null} */
  #session = null;
  /** @type {Promise<Session | null> | null} */
  #opening = null;
  #backoff = calm();
  #options;

  /**
   * @param {{
   *   readPairing: () => Promise<Pairing | null>, readKey: (clientId: string) => Promise<CryptoKey | null>,
   *   mayReach: () => Promise<boolean>, movedTo: (port: number) => Promise<void>,
   *   onChange: (now: Connection, before: Connection) => void, fetch?: typeof globalThis.fetch, now?: () => number,
   * }} options `mayReach`: the browser grants us 127.0.0.1; `movedTo`: our companion now listens elsewhere
   */
  constructor(options) {
    this.#options = { fetch: globalThis.fetch.bind(globalThis), now: Date.now, ...options };
  }

  /** Forgets session and waiting time: the user asks, a pairing was made, or the machine woke up. */
  reset() {
    this.#session = null;
    this.#backoff = calm();
  }

  /** When the next try is allowed (epoch ms). */
  get retryAtMs() {
    return this.#backoff.retryAtMs;
  }

  /** Looks again whatever was known: the user asks. @returns {Promise<boolean>} */
  async probe() {
    const session = this.#session;
    if (session && (await this.knock(session.port)).found !== "soundings") this.#session = null;
    this.#backoff = calm();
    return this.connect();
  }

  /** Makes sure of a proven session, unless a failure is too recent. @returns {Promise<boolean>} */
  async connect() {
    return (await this.#openSession()) !== null;
  }

  /** One call under a proven session. @param {"GET" | "POST" | "DELETE"} method @param {string} path below /api/v1/
   * @param {object} [body] @returns {Promise<Outcome>} */
  async call(method, path, body) {
    for (let attempt = 0; ; attempt++) {
      const session = await this.#openSession();
      if (!session) return { ok: false, refused: false, status: 0, cause: this.connection.state };
      const nonce = toBase64Url(randomBytes(16));
      const headers = { Authorization: `Bearer ${session.token}`, "X-Soundings-Request": nonce };
      const reply = await this.send(session.port, method, path, body, headers);
      if (!reply) {
        this.#lose(session, "no-companion", session.port, null);
        return { ok: false, refused: false, status: 0, cause: "no-companion" };
      }
      const proof = reply.headers.get("X-Soundings-Proof") ?? "";
      const proven = await verify(
        session.proofKey,
        proof,
        `${nonce}\n${reply.status}\n${toBase64Url(await sha256(reply.bytes))}`,
      );
      if (reply.status === 401) {
        // The companion restarted or the session ran out. Prove each other anew, once.
        if (this.#session === session) this.#session = null;
        if (attempt === 0) continue;
        this.#lose(session, "not-paired", session.port, "revoked");
        return { ok: false, refused: false, status: 401, cause: "not-paired" };
      }
      if (!proven) {
        this.#lose(session, "other-companion", session.port, "proof");
        return { ok: false, refused: false, status: reply.status, cause: "other-companion" };
      }
      if (reply.status >= 200 && reply.status < 300) return { ok: true, data: reply.json };
      if (reply.status === 429 || reply.status >= 500)
        this.#backoff = failed(this.#backoff, "busy", this.#options.now(), Math.random());
      const refused = reply.status >= 400 && reply.status < 500 && ![408, 429].includes(reply.status);
      return { ok: false, refused, status: reply.status, cause: problemName(reply.json) };
    }
  }

  /** Knocks on every port at once. @param {number | null} [extraPort] where our companion was last @returns {Promise<Knock[]>} */
  knockAll(extraPort) {
    const ports = [...new Set(extraPort ? [extraPort, ...PORTS] : PORTS)];
    return Promise.all(ports.map((port) => this.knock(port)));
  }

  /** @param {number} port @returns {Promise<Knock>} */
  async knock(port) {
    const reply = await this.send(port, "GET", "hello", undefined, {}, KNOCK_TIMEOUT_MS);
    if (!reply) return { port, found: "nothing" };
    const { product, protocol, serverId } = reply.json ?? {};
    if (product !== "Soundings" || typeof serverId !== "string") return { port, found: "other-program" };
    if (protocol !== PROTOCOL) return { port, found: "other-version", detail: String(protocol), serverId };
    return { port, found: "soundings", serverId };
  }

  /** One request without a session; null where no reply came. @param {number} port @param {string} method @param {string} path
   * @param {object} [body] @param {Record<string, string>} [headers] @returns {Promise<Reply | null>} */
  async send(port, method, path, body, headers = {}, timeoutMs = CALL_TIMEOUT_MS) {
    try {
      const response = await this.#options.fetch(`http://127.0.0.1:${port}/api/v1/${path}`, {
        method,
        headers: body === undefined ? headers : { ...headers, "Content-Type": "application/json" },
        body: body === undefined ? undefined : JSON.stringify(body),
        cache: "no-store",
        credentials: "omit",
        redirect: "error",
        referrerPolicy: "no-referrer",
        signal: AbortSignal.timeout(timeoutMs),
      });
      const bytes = new Uint8Array(await response.arrayBuffer());
      return { status: response.status, headers: response.headers, bytes, json: parse(bytes) };
    } catch (error) {
      // Refused, reset, timed out: an absent companion is a state. Anything else would be our own bug.
      if (error instanceof TypeError || error instanceof DOMException) return null;
      throw error;
    }
  }

  /** Which of several knocks tells the user most, when none is our companion. @param {Knock[]} knocks @param {Pairing | null} pairing */
  explain(knocks, pairing) {
    const of = (/** @type {Knock["found"]} */ found) => knocks.find((knock) => knock.found === found);
    const soundings = of("soundings");
    if (soundings && !pairing) return this.#become("not-paired", soundings.port, null);
    if (soundings) return this.#become("other-companion", soundings.port, null);
    const version = of("other-version");
    if (version) return this.#become("other-version", version.port, version.detail ?? null);
    const other = of("other-program");
    if (other) return this.#become("other-program", other.port, null);
    return this.#become("no-companion", null, null);
  }

  /** @returns {Promise<Session | null>} */
  #openSession() {
    const now = this.#options.now();
    if (this.#session && this.#session.expiresAtMs > now) return Promise.resolve(this.#session);
    if (!mayTry(this.#backoff, now)) return Promise.resolve(null);
    this.#opening ??= this.#prove()
      .then((session) => {
        this.#session = session;
        if (session) this.#backoff = calm();
        else this.#backoff = failed(this.#backoff, this.connection.state, this.#options.now(), Math.random());
        return session;
      })
      .finally(() => {
        this.#opening = null;
      });
    return this.#opening;
  }

  /** Finds our companion and lets it prove that it holds the shared secret. @returns {Promise<Session | null>} */
  async #prove() {
    const { mayReach, readPairing, readKey, movedTo, now } = this.#options;
    if (!(await mayReach())) return this.#become("permission-missing", null, null);
    const pairing = await readPairing();
    const knocks = await this.knockAll(pairing?.port);
    const home =
      pairing && knocks.find((knock) => knock.found === "soundings" && knock.serverId === pairing.serverId);
    if (!home) return this.explain(knocks, pairing);
    const key = await readKey(pairing.clientId);
    if (!key) return this.#become("not-paired", home.port, "key");

    const nonceC = toBase64Url(randomBytes(16));
    const reply = await this.send(home.port, "POST", "session", { clientId: pairing.clientId, nonceC });
    if (!reply) return this.#become("no-companion", null, null);
    if (reply.status === 401) return this.#become("not-paired", home.port, "revoked");
    if (reply.status !== 200) return this.#become("busy", home.port, String(reply.status));
    const { nonceS, expiresInSeconds, mac } = reply.json ?? {};
    const transcript = ["session", pairing.serverId, pairing.clientId, home.port, nonceC, nonceS].join("\n");
    if (!(await verify(key, String(mac), transcript)))
      return this.#become("other-companion", home.port, "proof");

    const token = toBase64Url(await sign(key, `token\n${nonceC}\n${nonceS}`));
    const proofKey = await hmacKey(await sign(key, `proof\n${nonceC}\n${nonceS}`));
    if (home.port !== pairing.port) await movedTo(home.port);
    this.#become("connected", home.port, null);
    const lifeMs = Math.max(1_000, Number(expiresInSeconds) * 1_000 - SESSION_MARGIN_MS);
    return { port: home.port, token, proofKey, expiresAtMs: now() + lifeMs };
  }

  /** @param {Session} session @param {ConnectionState} state @param {number} port @param {string | null} detail */
  #lose(session, state, port, detail) {
    if (this.#session === session) this.#session = null;
    this.#backoff = failed(this.#backoff, state, this.#options.now(), Math.random());
    this.#become(state, port, detail);
  }

  /** @param {ConnectionState} state @param {number | null} port @param {string | null} detail @returns {null} */
  #become(state, port, detail) {
    const before = this.connection;
    this.connection = { state, port, detail };
    if (before.state !== state || before.port !== port || before.detail !== detail)
      this.#options.onChange(this.connection, before);
    return null;
  }
}

/** @param {Uint8Array} bytes */
function parse(bytes) {
  if (bytes.length === 0) return null;
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    if (error instanceof SyntaxError) return null; // another program's page, not ours
    throw error;
  }
}

/** The last part of a problem's type: urn:soundings:problem:NAME. @param {any} problem */
const problemName = (problem) =>
  String(problem?.type ?? "")
    .split(":")
    .at(-1) || "refused";
