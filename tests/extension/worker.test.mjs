// The worker's policies without a browser: when to try again, what to batch, whom to answer, what to believe.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { calm, failed, mayTry } from "../../extension/worker/backoff.js";
import { Batcher } from "../../extension/worker/batcher.js";
import { fromBase64Url, toBase64Url } from "../../extension/worker/bytes.js";
import { CompanionClient } from "../../extension/worker/companion-client.js";
import { cleanItem, cleanLabel, isUlid } from "../../extension/worker/items.js";
import { browserName, readCode, readLink } from "../../extension/worker/pairing.js";
import { judgeSender, Router } from "../../extension/worker/router.js";
import { until } from "./lib/until.mjs";

test("Waits double up to half a minute, and success clears them", () => {
  let state = calm();
  const waits = [];
  for (let failure = 0; failure < 8; failure++) {
    state = failed(state, "no-companion", 0, 0);
    waits.push(state.retryAtMs);
  }
  assert.deepEqual(waits, [1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);
  assert.equal(state.cause, "no-companion");
  assert.equal(mayTry(state, 29_999), false);
  assert.equal(mayTry(state, 30_000), true);
  assert.equal(failed(calm(), "busy", 0, 1).retryAtMs, 750, "jitter takes up to a quarter off");
});

/** @param {string} id @param {Partial<import("../../extension/protocol.js").ScoreRequest>} [more] */
const request = (id, more = {}) => ({
  item: { id, kind: /** @type {const} */ ("comment"), text: `text of ${id}` },
  hash: `hash of ${id}`,
  observe: false,
  ...more,
});

/** A batcher whose gathering time ends when the test says so. */
function createBatcher({ model = "1", maxItems = 3, alive = true } = {}) {
  const state = { model, alive };
  /** @type {{ids: string[], observe: boolean}[]} */
  const sent = [];
  /** @type {(() => void)[]} */
  const due = [];
  /** @type {string[]} */
  const models = [];
  const batcher = new Batcher({
    maxItems,
    schedule: (run) => due.push(run),
    onModel: (now) => models.push(now),
    send: async (items, observe) => {
      sent.push({ ids: items.map(({ id }) => id), observe });
      if (!state.alive) return null;
      const scores = items.map(({ id }) => /** @type {any} */ ({ id, depth: 50, model: state.model }));
      return { model: state.model, scores };
    },
  });
  const flush = () => {
    for (const run of due.splice(0)) run();
  };
  return { batcher, sent, models, flush, state };
}

test("Items of several tabs go out together, each once", async () => {
  const { batcher, sent, flush } = createBatcher({ maxItems: 100 });
  const answers = [batcher.ask(request("a")), batcher.ask(request("b")), batcher.ask(request("a"))];
  flush();
  assert.deepEqual(
    (await Promise.all(answers)).map((score) => score?.id),
    ["a", "b", "a"],
  );
  assert.deepEqual(sent, [{ ids: ["a", "b"], observe: false }]);
});

test("No batch is larger than the companion takes", async () => {
  const { batcher, sent, flush } = createBatcher({ maxItems: 3 });
  const answers = Array.from({ length: 8 }, (_, at) => batcher.ask(request(String(at))));
  flush();
  await Promise.all(answers);
  assert.deepEqual(
    sent.map(({ ids }) => ids.length),
    [3, 3, 2],
  );
});

test("What is known is not asked again, until text, sight or model changes", async () => {
  const { batcher, sent, models, flush, state } = createBatcher();
  const ask = async (/** @type {any} */ more) => {
    const answer = batcher.ask(request("a", more));
    flush();
    return (await answer)?.model;
  };
  await ask();
  await ask();
  assert.equal(sent.length, 1);
  await ask({ hash: "another text" });
  assert.equal(sent.length, 2);
  await ask({ observe: true });
  assert.deepEqual(sent[2], { ids: ["a"], observe: true }, "the companion hears once that it was seen");
  await ask({ observe: true });
  assert.equal(sent.length, 3);
  state.model = "2";
  batcher.noteModel("2");
  assert.equal(await ask(), "2");
  assert.deepEqual(models, ["1", "2"]);
});

test("Nothing is remembered of a companion that did not answer", async () => {
  const { batcher, sent, flush, state } = createBatcher({ alive: false });
  const first = batcher.ask(request("a"));
  flush();
  assert.equal(await first, null);
  state.alive = true;
  const second = batcher.ask(request("a"));
  flush();
  assert.equal((await second)?.depth, 50);
  assert.equal(sent.length, 2);
});

const own = "chrome-extension://us";
/** @param {object} change @returns {any} */
const sender = (change) => ({
  id: "us",
  url: "https://www.linkedin.com/feed/",
  origin: "https://www.linkedin.com",
  frameId: 0,
  tab: { id: 7 },
  ...change,
});

test("An answer that was under way when others became exempt is asked for anew", async () => {
  const { batcher, sent, flush } = createBatcher();
  const answer = batcher.ask(request("a"));
  flush();
  batcher.forget();
  await until(() => {
    flush();
    return sent.length === 2;
  }, "it goes out again");
  assert.equal((await answer)?.id, "a");
  assert.equal((await batcher.ask(request("a")))?.id, "a");
  assert.equal(sent.length, 2, "and is known from then on");
});

test("Only the sites, the connect page and our own pages are answered", () => {
  const trust = (/** @type {object} */ change) => judgeSender(sender(change), "us", own)?.trust ?? null;
  assert.equal(trust({}), "site");
  assert.equal(trust({ url: `${own}/pages/popup.html`, origin: own, tab: undefined }), "page");
  assert.equal(trust({ url: "http://127.0.0.1:28417/connect", origin: "http://127.0.0.1:28417" }), "connect");
  assert.equal(trust({ id: "another extension" }), null);
  assert.equal(trust({ frameId: 3 }), null, "a frame within a site");
  assert.equal(trust({ tab: undefined }), null);
  assert.equal(trust({ origin: "https://evil.example" }), null);
  assert.equal(trust({ url: "http://www.linkedin.com/", origin: "http://www.linkedin.com" }), null);
  assert.equal(trust({ url: "https://linkedin.com.evil.example/", origin: undefined }), null);
  assert.equal(trust({ url: "https://evillinkedin.com/", origin: undefined }), null);
  assert.equal(
    trust({ url: "http://127.0.0.1:8080/connect", origin: undefined }),
    null,
    "another local program",
  );
});

test("A page's content script reaches no privileged message", async () => {
  /** @type {string[]} */
  const reached = [];
  const note = (/** @type {string} */ name) => async () => void reached.push(name);
  const router = new Router({
    site: { score: note("score") },
    connect: { pairTicket: note("pairTicket") },
    page: { pair: note("pair"), state: note("state"), inspect: note("inspect") },
  });
  for (const kind of [
    "pair",
    "state",
    "inspect",
    "pairTicket",
    "constructor",
    "__proto__",
    "toString",
    undefined,
  ])
    assert.equal(router.route({ kind }, sender({}), "us", own), null, String(kind));
  assert.equal(router.route(null, sender({}), "us", own), null);
  assert.equal(router.rejected, 9);
  assert.deepEqual(reached, []);
  await router.route({ kind: "score" }, sender({}), "us", own);
  assert.deepEqual(reached, ["score"]);
});

test("What a page says of an item is cut to the known fields and sizes", () => {
  const raw = {
    id: "linkedin:1",
    kind: "post",
    text: "x".repeat(30_000),
    mine: "yes",
    at: "soon",
    evil: 1,
    author: { name: 5 },
  };
  assert.deepEqual(cleanItem(raw, "linkedin"), {
    id: "linkedin:1",
    kind: "post",
    text: "x".repeat(20_000),
    site: "linkedin",
    author: { name: null, url: null },
  });
  assert.equal(
    cleanItem({ ...raw, id: "facebook:1" }, "linkedin"),
    null,
    "one site cannot speak for another",
  );
  assert.equal(cleanItem({ ...raw, kind: "message" }, "linkedin"), null);
  assert.equal(cleanLabel({ id: "../../x", item: raw, label: "substantive" }, "linkedin"), null);
  assert.equal(cleanLabel({ id: "01JDA0000000000000000000AB", item: raw, label: "great" }, "linkedin"), null);
  assert.equal(isUlid("01JDA0000000000000000000AB"), true);
});

test("Links and codes are taken in the shapes people paste them, and no others", () => {
  const ticket = "972yIrcGDytLsuQKVSGldQ";
  assert.deepEqual(readLink(` http://127.0.0.1:28417/connect#t=${ticket}\n`), { port: 28417, ticket });
  for (const bad of [
    `http://127.0.0.1.evil.example:28417/connect#t=${ticket}`,
    `http://localhost:28417/connect#t=${ticket}`,
    `https://127.0.0.1:28417/connect#t=${ticket}`,
    `http://127.0.0.1:99999/connect#t=${ticket}`,
    `http://127.0.0.1:28417/connect?t=${ticket}`,
    "",
  ])
    assert.equal(readLink(bad), null, bad);
  assert.equal(readCode("k7qf3-m2txd"), "K7QF3M2TXD");
  assert.equal(readCode(" KOQF3 MLTXD "), "K0QF3M1TXD");
  assert.equal(readCode("K7QF3-M2TX"), null);
  assert.equal(readCode("K7QF3-M2TXU"), null);
  assert.equal(
    browserName("Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0"),
    "Firefox on Linux",
  );
});

test("base64url goes both ways and refuses anything else", () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, at) => at);
  assert.deepEqual(fromBase64Url(toBase64Url(bytes)), bytes);
  for (const bad of ["=", "a", "a+b/", "ä"]) assert.equal(fromBase64Url(bad), null, bad);
});

test("A companion that cannot prove itself gets no text", async () => {
  /** @type {string[]} */
  const heard = [];
  const server = createServer((incoming, response) => {
    let body = "";
    incoming.on("data", (chunk) => {
      body += chunk;
    });
    incoming.on("end", () => {
      heard.push(`${incoming.url} ${body}`);
      response.end(
        JSON.stringify({ product: "Soundings", protocol: 1, serverId: "s", nonceS: "AAAA", mac: "AAAA" }),
      );
    });
  });
  const port = await new Promise((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve(/** @type {any} */ (server.address()).port)),
  );
  const key = await crypto.subtle.importKey(
    "raw",
    new Uint8Array(32),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign", "verify"],
  );
  const client = new CompanionClient({
    readPairing: async () => ({ port, serverId: "s", clientId: "c", words: "", pairedAt: "" }),
    readKey: async () => key,
    mayReach: async () => true,
    movedTo: async () => undefined,
    onChange: () => undefined,
    // Another companion may run on this machine: only ours is asked here.
    fetch: (address, options) =>
      String(address).includes(`:${port}/`)
        ? fetch(address, options)
        : Promise.reject(new TypeError("closed")),
  });
  const outcome = await client.call("POST", "score", { items: [{ text: "private words" }] });
  assert.equal(outcome.ok, false);
  assert.deepEqual(client.connection, { state: "other-companion", port, detail: "proof" });
  assert.equal(
    heard.some((line) => line.includes("private words")),
    false,
  );
  await new Promise((resolve) => server.close(resolve));
});
