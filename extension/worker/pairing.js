// Pairing with a one-time ticket, from a link or a typed code: both sides prove they know it, and neither sends the lasting secret.
import { PORTS } from "../protocol.js";
import {
  deriveHmacKey,
  encode,
  randomBytes,
  sha256,
  sign,
  ticketFromCode,
  toBase64Url,
  verify,
} from "./bytes.js";
import { writeKey } from "./keys.js";
import { writeSettings } from "./storage.js";

/** @typedef {import("../protocol.js").PairReply} PairReply @typedef {import("../protocol.js").PairFailure} PairFailure */
/** @typedef {import("./companion-client.js").CompanionClient} CompanionClient */

/** A one-time link, taken apart; null where it is none. @param {string} link */
export function readLink(link) {
  const parts = /^http:\/\/127\.0\.0\.1:(\d{1,5})\/connect#t=([A-Za-z0-9_-]{16,64})$/.exec(
    String(link).trim(),
  );
  const port = Number(parts?.[1]);
  return parts && port > 0 && port < 65_536 ? { port, ticket: parts[2] } : null;
}

/** A typed code without dash, spaces or case, with the letters Crockford leaves out read as the digits they look like.
 * @param {string} text @returns {string | null} */
export function readCode(text) {
  const code = String(text).toUpperCase().replace(/[\s-]/g, "").replaceAll("O", "0").replace(/[IL]/g, "1");
  return /^[0-9A-HJKMNP-TV-Z]{10}$/.test(code) ? code : null;
}

/** What this browser is called in the companion's list. @param {string} userAgent */
export function browserName(userAgent) {
  const system = /Windows/.test(userAgent) ? "Windows" : /Mac OS/.test(userAgent) ? "macOS" : "Linux";
  const browser = /Firefox\//.test(userAgent)
    ? "Firefox"
    : /Edg\//.test(userAgent)
      ? "Edge"
      : /Chrom(e|ium)\//.test(userAgent)
        ? "Chromium"
        : "Browser";
  return `${browser} on ${system}`;
}

/** @param {CompanionClient} client @param {number} port @param {string} ticket @returns {Promise<PairReply>} */
export async function pairWithTicket(client, port, ticket) {
  const knock = await client.knock(port);
  if (knock.found === "nothing") return failure("no-companion", port);
  if (knock.found !== "soundings") return failure(knock.found, port);

  const secret = encode(ticket);
  const idHash = await sha256(encode(`soundings ticket id\n${ticket}`));
  const ticketId = toBase64Url(idHash.slice(0, 16));
  const key = await deriveHmacKey(secret, "", "soundings pair v1");
  const nonceC = toBase64Url(randomBytes(16));
  const name = browserName(navigator.userAgent);
  const mac = toBase64Url(await sign(key, ["client", ticketId, nonceC, name].join("\n")));

  const reply = await client.send(port, "POST", "pair", { ticketId, nonceC, name, mac });
  if (!reply) return failure("no-companion", port);
  if (reply.status === 410) return failure("ticket-gone", port);
  if (reply.status === 429) return failure("too-many", port);
  if (reply.status !== 200) return failure("wrong-proof", port);
  const { serverId, clientId, nonceS, mac: macS, words } = reply.json ?? {};
  const transcript = ["server", ticketId, nonceC, nonceS, serverId, clientId].join("\n");
  if (serverId !== knock.serverId || !(await verify(key, String(macS), transcript)))
    return failure("wrong-proof", port);

  await writeKey(clientId, await deriveHmacKey(secret, `${nonceC}\n${nonceS}`, "soundings client v1"));
  const pairing = { port, serverId, clientId, words: String(words), pairedAt: new Date().toISOString() };
  await writeSettings({ pairing });
  return { paired: true, words: String(words), port };
}

/** @param {CompanionClient} client @param {string} text what the user typed @param {number | null} knownPort
 * @returns {Promise<PairReply>} */
export async function pairWithCode(client, text, knownPort) {
  const code = readCode(text);
  if (!code) return failure("bad-code", null);
  const knocks = await client.knockAll(knownPort);
  const companions = knocks.filter((knock) => knock.found === "soundings");
  if (companions.length === 0) {
    const other = knocks.find((knock) => knock.found !== "nothing");
    return failure(
      other?.found === "other-version" ? "other-version" : other ? "other-program" : "no-companion",
      null,
    );
  }
  /** @type {PairReply} */
  let last = failure("ticket-gone", PORTS[0]);
  for (const { port, serverId } of companions) {
    last = await pairWithTicket(client, port, await ticketFromCode(code, String(serverId)));
    if (last.paired) return last;
  }
  return last;
}

/** @param {PairFailure} why @param {number | null} port @returns {PairReply} */
const failure = (why, port) => ({ paired: false, why, port });
