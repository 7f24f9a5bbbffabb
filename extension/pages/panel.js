// The side panel: what is on screen in the tab in front, each text with its card. "Show on the page" scrolls it, nothing else does.
import { actions, explainPairing, explainPanel, panelWords } from "./strings.js";
import { findTab, get, ORIGINS, tell } from "./tab.js";

/** @typedef {import("../protocol.js").ScreenItem} ScreenItem @typedef {import("../protocol.js").ScreenMessage} ScreenMessage */
/** @typedef {{item: ScreenItem, element: HTMLLIElement, summary: HTMLButtonElement, card: HTMLElement | null, away: boolean, warning: string}} Row */

/** How often trouble is looked at again, ms: without any, the page itself tells what changes. */
const TROUBLE_MS = 2_000;
/** How long a page may take to answer, ms. */
const ANSWER_MS = 1_000;

const list = get("items");
const scheme = matchMedia("(prefers-color-scheme: dark)");
const sheet = new CSSStyleSheet();
sheet.replaceSync(
  `${CardBody.look} .card { width: auto; max-width: none; padding: 4px 8px 16px; border: 0; background: none; }`,
);

/** @type {Map<string, Row>} */
const rows = new Map();
/** @type {import("./tab.js").SiteTab | null} */
let tab = null;
/** @type {chrome.runtime.Port | null} */
let line = null;
/** @type {ScreenMessage | null} */
let screen = null;
/** @type {import("../protocol.js").Learning | null} */
let learning = null;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
let round = 0;
let answerBy = 0;

// The line to the page in front

/** Follows the tab in front. @param {boolean} probe whether the worker should look for the companion first */
async function follow(probe) {
  const found = await findTab();
  if (found?.tabId !== tab?.tabId || !line) {
    tab = found;
    line?.disconnect();
    line = null;
    screen = null;
    get("draft").hidden = true;
    if (tab) listen(tab.tabId);
  }
  await explain(probe);
}

/** @param {number} tabId */
function listen(tabId) {
  const port = chrome.tabs.connect(tabId, { frameId: 0, name: "panel" });
  line = port;
  port.onMessage.addListener((message) => {
    if (line !== port) return;
    if (message.kind === "done") onDone(message);
    else {
      const before = screen;
      screen = /** @type {ScreenMessage} */ (message);
      show(screen.items);
      // While one scrolls there is seldom anything new to say of the connection.
      if (facts(before) !== facts(screen)) void explain(false);
    }
  });
  port.onDisconnect.addListener(() => {
    void chrome.runtime.lastError; // a page without us ends the line at once: that is an answer
    if (line !== port) return;
    line = null;
    screen = null;
    void explain(false);
  });
  answerBy = Date.now() + ANSWER_MS;
  setTimeout(() => void explain(false), ANSWER_MS);
}

/** @param {ScreenMessage | null} screen */
const facts = (screen) =>
  screen && [screen.on, screen.state, screen.items.length > 0, screen.seen > 0].join();

/** Says what stands in the way, if anything does. @param {boolean} probe */
async function explain(probe) {
  const now = ++round;
  const state = await tell({ kind: "state", probe });
  if (now !== round || !state || (line && !screen && Date.now() < answerBy)) return;
  const trouble = explainPanel(state, tab?.site ?? null, screen);
  if (!screen?.on) show([]);
  get("status").hidden = trouble === null;
  const { title = "", text = "", action } = trouble ?? {};
  for (const [id, said] of [
    ["status-title", title],
    ["status-text", text],
  ])
    if (get(id).textContent !== said) get(id).textContent = said;
  get("code-form").hidden = action !== "code";
  get("action").hidden = !action || action === "code";
  get("action").textContent = action ? actions[action] : "";
  get("action").dataset.action = action;
  clearTimeout(timer);
  if (trouble && (action || !screen)) timer = setTimeout(() => void follow(false), TROUBLE_MS);
}

// The list

/** @param {ScreenItem[]} items in the order of the page */
function show(items) {
  const keys = new Set(items.map(({ key }) => key));
  for (const [key, row] of rows) {
    if (keys.has(key)) continue;
    // What one reads or stands on does not vanish under one's hand.
    const stays = screen && (row.card !== null || row.element.contains(document.activeElement));
    if (!stays) remove(row);
    else if (!row.away) {
      row.away = true;
      drawRow(row);
    }
  }
  /** @type {HTMLElement | null} */
  let next = null;
  for (const item of [...items].reverse()) {
    const known = rows.get(item.key);
    const row = known ?? create(item);
    // A button that is drawn again under the pointer loses its click.
    if (!known || row.away || JSON.stringify(row.item) !== JSON.stringify(item)) {
      Object.assign(row, { item, away: false });
      drawRow(row);
    }
    // Moving a node takes its focus away: only new ones are put in.
    if (!row.element.isConnected) list.insertBefore(row.element, next);
    next = row.element;
  }
}

/** @param {ScreenItem} item @returns {Row} */
function create(item) {
  const element = document.createElement("li");
  const summary = document.createElement("button");
  summary.type = "button";
  summary.className = "summary";
  summary.setAttribute("aria-expanded", "false");
  element.append(summary);
  const row = { item, element, summary, card: null, away: false, warning: "" };
  summary.addEventListener("click", () => toggle(row));
  rows.set(item.key, row);
  return row;
}

/** @param {Row} row */
function remove({ item, element }) {
  element.remove();
  rows.delete(item.key);
}

/** @param {Row} row */
function drawRow(row) {
  const { item, element, summary, away } = row;
  const { score, author, kind, mine } = item;
  const make = CardBody.make;
  const who = make("span", "who", mine ? panelWords.mine : author || panelWords.nobody);
  const about = make("span", "about");
  about.append(who, make("span", "quiet", `${kind}${away ? `, ${panelWords.away}` : ""}`));
  about.append(make("span", "sr", `, ${panelWords.said(item)}`));
  const number = make("span", "number", score ? String(score.depth) : "");
  const gauge = make("span", `gauge ${CardBody.levelOf(score)}`);
  if (score) gauge.style.setProperty("--fill", `var(--d${Math.min(3, Math.floor(score.depth / 25))})`);
  for (const drawn of [gauge, number]) drawn.setAttribute("aria-hidden", "true");
  element.classList.toggle("away", away);
  summary.replaceChildren(gauge, number, about, textOf(item));
  if (row.card) fill(row);
}

/** The text, the words that reasons point to marked. @param {ScreenItem} item */
function textOf({ text, score }) {
  const shown = CardBody.make("span", "text");
  let at = 0;
  for (const { start, length, toward } of [...(score?.evidence ?? [])].sort((a, b) => a.start - b.start)) {
    if (start < at) continue;
    shown.append(text.slice(at, start), CardBody.make("mark", toward, text.slice(start, start + length)));
    at = start + length;
  }
  shown.append(text.slice(at));
  return shown;
}

// The card

/** @param {Row} row */
function toggle(row) {
  const wasOpen = row.card !== null;
  for (const other of rows.values()) close(other);
  if (wasOpen) return;
  const place = document.createElement("div");
  const root = place.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheet];
  row.card = CardBody.make("section", "card");
  row.card.addEventListener("click", (event) => {
    const does = /** @type {Element} */ (event.target).closest("[data-does]")?.getAttribute("data-does");
    if (does) act(row, does);
  });
  root.append(row.card);
  row.element.append(place);
  row.summary.setAttribute("aria-expanded", "true");
  fill(row);
  void tell({ kind: "learning" }).then((known) => {
    learning = known;
    if (row.card) fill(row);
  });
}

/** @param {Row} row */
function close(row) {
  if (!row.card) return;
  row.card = null;
  row.warning = "";
  row.element.lastElementChild?.remove();
  row.summary.setAttribute("aria-expanded", "false");
  if (row.away) remove(row);
}

/** @param {Row} row */
function fill({ card, item, warning }) {
  if (!card) return;
  const root = /** @type {ShadowRoot} */ (card.getRootNode());
  const focused = root.activeElement?.getAttribute("data-does");
  card.classList.toggle("dark", scheme.matches);
  const author = item.mine ? null : item.author || null;
  CardBody.fill(
    card,
    { ...item, author, score: item.text ? item.score : null, learning, show: true },
    warning,
  );
  if (focused) /** @type {HTMLElement | null} */ (card.querySelector(`[data-does="${focused}"]`))?.focus();
}

/** @param {Row} row @param {string} does */
function act(row, does) {
  const { key, hash } = row.item;
  if (line) line.postMessage({ kind: "act", does, key, hash });
  else onDone({ key, problem: panelWords.lost });
}

/** @param {{key: string, problem: string | null}} end */
function onDone({ key, problem }) {
  const row = rows.get(key);
  if (!row) return;
  row.warning = problem ?? "";
  fill(row);
}

list.addEventListener("keydown", (event) => {
  const all = [...rows.values()];
  const here = all.find(({ element }) => element.contains(document.activeElement));
  if (!here) return;
  if (event.key === "Escape" && here.card) {
    close(here);
    here.summary.focus();
  }
  const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
  const next = step && /** @type {any} */ (here.element)[step]?.querySelector(".summary");
  if (next && document.activeElement === here.summary) {
    event.preventDefault();
    next.focus();
  }
});

get("action").addEventListener("click", async () => {
  const { action } = get("action").dataset;
  if (action === "allow") await chrome.permissions.request({ origins: ORIGINS });
  if (action === "resume") await tell({ kind: "pause", minutes: 0 });
  if (action === "read" && tab) await tell({ kind: "siteSwitch", site: tab.site, on: true });
  await follow(true);
});
get("code-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const reply = await tell({ kind: "pairCode", code: /** @type {HTMLInputElement} */ (get("code")).value });
  get("code-result").textContent = reply.paired ? "" : explainPairing(reply);
  get("code-result").hidden = reply.paired;
  await follow(true);
});

scheme.addEventListener("change", () => {
  for (const row of rows.values()) fill(row);
});
chrome.runtime.onMessage.addListener(({ kind, tabId, draft }) => {
  if (kind !== "draftReading" || tabId !== tab?.tabId) return;
  get("draft").hidden = draft === null;
  get("draft-said").textContent = draft ? panelWords.draft(draft) : "";
  get("draft-question").textContent = draft?.suggestion ?? "";
});
chrome.tabs.onActivated.addListener(() => void follow(false));
chrome.tabs.onUpdated.addListener((tabId, { status }) => {
  if (tabId === tab?.tabId ? status === "complete" : status !== undefined) void follow(false);
});
await follow(true);
