// Composition of the worker. The browser may stop it at any line: what lives in variables here is a cache, nothing more.
import { MAX_BATCH_ITEMS, siteOf } from "../protocol.js";
import { Batcher } from "./batcher.js";
import { CompanionClient } from "./companion-client.js";
import { Delivery } from "./delivery.js";
import { cleanAuthor, cleanItem, cleanLabel, cleanReaction, cleanScoreRequest, isUlid } from "./items.js";
import { forgetKeys, readKey } from "./keys.js";
import * as outbox from "./outbox.js";
import { pairWithCode, pairWithTicket, readLink } from "./pairing.js";
import { judgeSender, Router } from "./router.js";
import { dropRules, readRules, refreshRules } from "./rules.js";
import { forgetSites, prepareSite, readPages, siteOfPage, syncSites } from "./sites.js";
import {
  onSettingsChange,
  readOwnRules,
  readPendingPair,
  readSettings,
  writePendingPair,
  writeSettings,
} from "./storage.js";
import { enterOpenTabs, tellSettings, tellTab, tellTabs } from "./tabs.js";

/** @typedef {import("../protocol.js").Site} Site @typedef {import("../protocol.js").PairReply} PairReply */
/** @typedef {import("../protocol.js").WireItem} WireItem @typedef {import("../protocol.js").WorkerMessage} WorkerMessage */

const LOOPBACK = "http://127.0.0.1/*";
/** A one-time link is dead after this long, ms; the companion says the same. */
const TICKET_LIFE_MS = 120_000;
/** The browser wakes us this often while something waits, minutes: its shortest period. */
const RETRY_MINUTES = 0.5;

/** Somebody was told "not now" since the companion was last there. */
let wanted = false;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let retryTimer;

const client = new CompanionClient({
  readPairing: async () => (await readSettings()).pairing,
  readKey,
  mayReach: () => chrome.permissions.contains({ origins: [LOOPBACK] }),
  movedTo: async (port) => {
    const { pairing } = await readSettings();
    if (pairing) await writeSettings({ pairing: { ...pairing, port } });
  },
  onChange: (now, before) => {
    if (now.state !== "connected") {
      console.info(`Soundings: ${now.state}${now.port ? ` (port ${now.port})` : ""}`);
      return;
    }
    if (before.state !== "unknown" || wanted) void tellTabs({ kind: "again" });
    wanted = false;
    void delivery.drain();
    void freshenRules();
  },
});

const batcher = new Batcher({
  maxItems: MAX_BATCH_ITEMS,
  send: sendBatch,
  onModel: (_model, before) => {
    if (before !== null) void tellTabs({ kind: "again" });
  },
});

const delivery = new Delivery({
  call: (method, path, body) => client.call(method, path, body),
  onDelivered: ({ model }) => {
    if (model) batcher.noteModel(model);
  },
});

/** @param {WireItem[]} items @param {boolean} observe @returns {ReturnType<import("./batcher.js").Send>} */
async function sendBatch(items, observe) {
  const outcome = await client.call("POST", "score", { items, observe });
  if (outcome.ok) return outcome.data;
  if (outcome.refused && items.length > 1) {
    // One item the companion will not judge must not cost the others their score.
    const half = Math.ceil(items.length / 2);
    const parts = await Promise.all(
      [items.slice(0, half), items.slice(half)].map((part) => sendBatch(part, observe)),
    );
    const model = parts.find((part) => part)?.model;
    const scores = parts.flatMap((part) => part?.scores ?? []);
    return model ? { model, scores, exempt: parts.flatMap((part) => part?.exempt ?? []) } : null;
  }
  if (!outcome.refused) {
    wanted = true;
    await retryLater();
  }
  return null;
}

/** Tries again when the back-off allows, by a timer while we live and by an alarm should we not. */
async function retryLater() {
  clearTimeout(retryTimer);
  retryTimer = setTimeout(retry, Math.max(250, client.retryAtMs - Date.now()));
  if (!(await chrome.alarms.get("retry")))
    await chrome.alarms.create("retry", { periodInMinutes: RETRY_MINUTES });
}

async function retry() {
  const { pending } = await outbox.counts();
  if (!wanted && !pending) {
    await chrome.alarms.clear("retry");
    return;
  }
  if ((await isPaused()) || !(await client.connect())) {
    await retryLater();
    return;
  }
  await delivery.drain();
  await chrome.alarms.clear("retry");
}

async function isPaused() {
  return (await readSettings()).pausedUntil > Date.now();
}

/** Pages of ours that are open, say the side panel. @param {import("../protocol.js").DraftReadingMessage} message */
const tellPages = (message) => void chrome.runtime.sendMessage(message).catch(() => null); // nobody listens

/** @param {import("../protocol.js").DraftAnswer} answer @param {number} length @returns {import("../protocol.js").DraftReading} */
const readingOf = ({ score: { depth, verdict }, suggestion }, length) => ({
  depth,
  verdict,
  suggestion,
  length,
  rect: null,
});

/** @param {PairReply} reply */
async function afterPairing(reply) {
  await writePendingPair(null);
  if (!reply.paired) return reply;
  client.reset();
  wanted = true;
  await client.connect();
  return reply;
}

const router = new Router({
  site: {
    rules: async (_message, { site }) => {
      const { mode, fade, drafts, sitesOff, pausedUntil } = await readSettings();
      const on = !sitesOff.includes(site) && pausedUntil <= Date.now();
      void freshenRules();
      const rules = await readRules(site);
      return rules ? { rules, site, on, mode, fade, drafts } : { on: false };
    },
    score: async (message, { site }) => {
      const raw = Array.isArray(message.requests) ? message.requests.slice(0, 500) : [];
      const paused = await isPaused();
      const scores = await Promise.all(
        raw.map((/** @type {unknown} */ one) => {
          const request = cleanScoreRequest(one, site);
          return request && !paused ? batcher.ask(request) : null;
        }),
      );
      return { scores, connection: client.connection };
    },
    label: async (message, { site }) => {
      const label = cleanLabel(message, site);
      if (!label) return { saved: false, why: "invalid" };
      const refusal = await outbox.put({ op: "label", id: label.id, label });
      if (refusal) return { saved: false, why: refusal };
      void deliverSoon();
      return { saved: true };
    },
    unlabel: async (message) => {
      if (!isUlid(message.id)) return { saved: false, why: "invalid" };
      const refusal = await outbox.put({ op: "unlabel", id: message.id });
      if (refusal) return { saved: false, why: refusal };
      void deliverSoon();
      return { saved: true };
    },
    draft: async (message, { site, tabId }) => {
      const item = message.item && cleanItem(message.item, site);
      const mayAsk = item && (await readSettings()).drafts && !(await isPaused());
      const outcome = mayAsk ? await client.call("POST", "draft", item) : null;
      const answer = outcome?.ok ? outcome.data : null;
      tellPages({ kind: "draftReading", tabId, draft: answer && readingOf(answer, item.text.length) });
      return answer;
    },
    exempt: async (message, { site }) => {
      const { name = null, url = null } = cleanAuthor(message.author);
      return changeExempt("POST", "exempt", { what: "person", site, name, url });
    },
    unexempt: ({ id }) => changeExempt("DELETE", `exempt/${Number(id)}`),
    learning: readLearning,
    reaction: async (message, { site }) => {
      const reaction = cleanReaction(message, site);
      if (!reaction) return;
      await outbox.put({ op: "reaction", id: reaction.item, reaction });
      void deliverSoon();
    },
    rulesRefused: async (message, { site }) => {
      await dropRules(site, String(message.why).slice(0, 300));
      return readRules(site);
    },
    seen: async (message, { site }) => {
      const [seen, signs] = [Number(message.seen) || 0, Number(message.signs) || 0];
      void freshenRules();
      if (client.connection.state === "connected" && !(await isPaused()))
        await client.call("POST", "sight", { site, seen, signs, page: String(message.page).slice(0, 50) });
    },
  },
  connect: {
    pairTicket: async (message, { port }) => {
      if (!readLink(`http://127.0.0.1:${port}/connect#t=${message.ticket}`)) return;
      await writePendingPair({ port, ticket: message.ticket, at: Date.now() });
      await chrome.tabs.create({ url: chrome.runtime.getURL("pages/pair.html") });
    },
  },
  page: {
    inspect: async ({ tabId }) => (await tellTab(tabId, { kind: "report" }))?.items ?? [],
    tab: ({ tabId }) => tellTab(tabId, { kind: "report" }),
    pair: async ({ link }) => {
      const parts = readLink(link);
      return parts
        ? afterPairing(await pairWithTicket(client, parts.port, parts.ticket))
        : { paired: false, why: "bad-link", port: null };
    },
    pairCode: async ({ code }) =>
      afterPairing(await pairWithCode(client, code, (await readSettings()).pairing?.port ?? null)),
    pairPending: async () => {
      const pending = await readPendingPair();
      return pending && Date.now() - pending.at < TICKET_LIFE_MS ? { port: pending.port } : null;
    },
    pairConfirm: async () => {
      const pending = await readPendingPair();
      return pending
        ? afterPairing(await pairWithTicket(client, pending.port, pending.ticket))
        : { paired: false, why: "nothing-pending", port: null };
    },
    state: async ({ probe }) => {
      if (probe) await client.probe();
      if (probe) await freshenRules();
      return readState();
    },
    pause: async ({ minutes }) => {
      const pausedUntil = minutes > 0 ? Date.now() + minutes * 60_000 : 0;
      await writeSettings({ pausedUntil });
      if (pausedUntil) await chrome.alarms.create("resume", { when: pausedUntil });
      else await chrome.alarms.clear("resume");
      return readState();
    },
    siteSwitch: async ({ site, on }) => {
      const { sitesOff } = await readSettings();
      const others = sitesOff.filter((one) => one !== site);
      await writeSettings({ sitesOff: on ? others : [...others, site] });
      return readState();
    },
    mode: async ({ mode, fade }) => {
      if (["every", "quiet", "panel"].includes(mode)) await writeSettings({ mode });
      if (typeof fade === "boolean") await writeSettings({ fade });
      return readState();
    },
    drafts: async ({ on }) => {
      await writeSettings({ drafts: on === true });
      return readState();
    },
    siteOf: async ({ url }) => {
      const { hostname } = new URL(url);
      await prepareSite(hostname);
      return siteOfPage(hostname);
    },
    outlineOf: ({ tabId }) => tellTab(tabId, { kind: "outline" }),
    sitesToo: async () => {
      await syncSites();
      return readPages().slice(chrome.runtime.getManifest().content_scripts?.[0].matches?.length);
    },
    exempted: async () => {
      const outcome = await client.call("GET", "exempt");
      return outcome.ok ? outcome.data.exempt : null;
    },
    unexempt: ({ id }) => changeExempt("DELETE", `exempt/${Number(id)}`),
    learning: readLearning,
    openDashboard: async () => {
      const outcome = await client.call("POST", "dash/ticket", {});
      const link = outcome.ok ? String(outcome.data?.link) : "";
      if (!link.startsWith(`http://127.0.0.1:${client.connection.port}/`)) return { opened: false };
      await chrome.tabs.create({ url: link });
      return { opened: true };
    },
    forget: async () => {
      await forgetKeys();
      await writeSettings({ pairing: null });
      client.reset();
      return readState();
    },
  },
});

/** Takes over what changed in the user's own rule files, and lets open pages begin anew with it. */
async function freshenRules() {
  if (!(await refreshRules(client, Date.now()))) return;
  forgetSites();
  await tellTabs({ kind: "rulesChanged" });
}

/** Whom never to mark is kept by the companion, for all browsers. @param {"POST" | "DELETE"} method @param {string} path
 * @param {object} [body] @returns {Promise<import("../protocol.js").ExemptReply>} */
async function changeExempt(method, path, body) {
  const outcome = await client.call(method, path, body);
  if (!outcome.ok) return { id: null, why: outcome.refused ? "refused" : "no-companion" };
  batcher.forget();
  void tellTabs({ kind: "again" });
  return { id: outcome.data.added ?? null };
}

/** @returns {Promise<import("../protocol.js").Learning | null>} */
async function readLearning() {
  const outcome = await client.call("GET", "learning");
  if (!outcome.ok) return null;
  const { model, labels, newest } = outcome.data;
  return { model, labels, newest: { n: newest.n, right: newest.right } };
}

async function deliverSoon() {
  await delivery.drain();
  if ((await outbox.counts()).pending) await retryLater();
}

/** @returns {Promise<import("../protocol.js").WorkerState>} */
async function readState() {
  const { pausedUntil, mode, fade, drafts, sitesOff, pairing } = await readSettings();
  const paused = pausedUntil > Date.now();
  return {
    connection: paused ? { ...client.connection, state: "paused" } : client.connection,
    pausedUntil: paused ? pausedUntil : 0,
    mode,
    drafts,
    fade,
    sitesOff,
    ...(await outbox.counts()),
    model: batcher.model,
    words: pairing?.words ?? null,
    serverId: pairing?.serverId ?? null,
    rejectedMessages: router.rejected,
    refusedRules: (await readOwnRules()).refused,
  };
}

/** Which pages the user allowed is known a moment after we begin. @param {chrome.runtime.MessageSender} sender */
async function prepare({ url }) {
  const { protocol, hostname } = new URL(url ?? "https://x.invalid");
  if (protocol === "https:" && siteOf(hostname) === null) await prepareSite(hostname);
}

chrome.runtime.onMessage.addListener((message, sender, sendResponse) => {
  const answer = prepare(sender).then(() =>
    router.route(message, sender, chrome.runtime.id, location.origin, siteOfPage),
  );
  answer.then(sendResponse, (error) => {
    console.error("Soundings: a message could not be answered", error);
    sendResponse(null);
  });
  return true; // the answer comes later
});

// The line a page keeps to us: nothing is said over it, its end tells the page that the extension is gone.
chrome.runtime.onConnect.addListener(async (port) => {
  const { sender } = port;
  if (sender) await prepare(sender);
  if (!sender || !judgeSender(sender, chrome.runtime.id, location.origin, siteOfPage)) port.disconnect();
});

chrome.runtime.onInstalled.addListener(() => void enterOpenTabs());

chrome.alarms.onAlarm.addListener(({ name }) => {
  if (name === "retry") void retry();
  if (name === "resume") void tellSettings();
});
chrome.permissions.onAdded.addListener(() => {
  client.reset();
  void retry();
  void enterOpenTabs();
});
chrome.permissions.onRemoved.addListener(async () => {
  await syncSites();
  await tellSettings();
});
onSettingsChange(() => void tellSettings());
chrome.runtime.onStartup.addListener(() => void deliverSoon());
void deliverSoon();
