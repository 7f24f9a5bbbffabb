// The popup: how the connection stands and why, what is known of the page in front, and the few switches.
import { siteOf } from "../protocol.js";
import {
  actions,
  explainConnection,
  explainOutbox,
  explainPage,
  explainPairing,
  siteNames,
} from "./strings.js";

/** @typedef {import("../protocol.js").WorkerState} WorkerState @typedef {import("../protocol.js").Site} Site */

/** How often the open popup looks again, ms. It is open for seconds only. */
const REFRESH_MS = 1_000;
const ORIGINS = ["http://127.0.0.1/*", "https://*.linkedin.com/*", "https://*.facebook.com/*"];

/** @template {HTMLElement} T @param {string} id @returns {T} */
const get = (id) => /** @type {T} */ (document.getElementById(id));
/** @param {string} id @param {string} text shown unless empty */
function say(id, text) {
  get(id).textContent = text;
  get(id).hidden = text === "";
}
/** @param {object} message @returns {Promise<any>} */
const tell = (message) => chrome.runtime.sendMessage(message);

/** @type {{tabId: number, site: Site} | null} */
let page = null;

/** The page the popup is about: the tab in front, or, where this page is a tab itself, the site's tab used last. */
async function findPage() {
  const [front] = await chrome.tabs.query({ active: true, lastFocusedWindow: true });
  const known = await chrome.tabs.query({ url: ORIGINS.slice(1) });
  known.sort((a, b) => (b.lastAccessed ?? 0) - (a.lastAccessed ?? 0));
  const isOwn = !front || front.url === location.href || (await isThisTab(front));
  const tab = isOwn ? known[0] : front;
  const site = tab?.url ? siteOf(new URL(tab.url).hostname) : null;
  page = site && tab.id !== undefined ? { tabId: tab.id, site } : null;
}

/** @param {chrome.tabs.Tab} tab */
const isThisTab = async (tab) => (await chrome.tabs.getCurrent())?.id === tab.id;

/** @param {boolean} probe whether the worker should look for the companion first */
async function refresh(probe) {
  const state = /** @type {WorkerState} */ (await tell({ kind: "state", probe }));
  if (!state) return;
  const { title, text, action } = explainConnection(state.connection, state.pausedUntil);
  const box = get("connection");
  box.dataset.state = state.connection.state;
  box.dataset.trouble = String(!["connected", "unknown", "paused"].includes(state.connection.state));
  if (get("connection-title").textContent !== title) get("connection-title").textContent = title;
  if (get("connection-text").textContent !== text) get("connection-text").textContent = text;
  get("code-form").hidden = action !== "code";
  const button = get("action");
  button.hidden = !action || action === "code";
  if (action) button.textContent = actions[action];
  button.dataset.action = action;

  const report = page ? await tell({ kind: "tab", tabId: page.tabId }) : null;
  const about = explainPage(report, page && siteNames[page.site]);
  get("page-text").textContent = about.text;
  get("page-text").classList.toggle("warning", about.warning);
  say("outbox", explainOutbox(state.waiting, state.refused));
  get("site-line").hidden = page === null;
  if (page) {
    get("site-label").textContent = `Read ${siteNames[page.site]}`;
    /** @type {HTMLInputElement} */ (get("site-on")).checked = !state.sitesOff.includes(page.site);
  }
  const radio = /** @type {HTMLInputElement} */ (
    document.querySelector(`input[name=mode][value=${state.mode}]`)
  );
  radio.checked = true;
  /** @type {HTMLInputElement} */ (get("drafts")).checked = state.drafts;
  get("pause").textContent = state.pausedUntil ? "Resume" : "Pause for an hour";
  get("pause").dataset.minutes = state.pausedUntil ? "0" : "60";
  /** @type {HTMLButtonElement} */ (get("dashboard")).disabled = state.connection.state !== "connected";
}

get("action").addEventListener("click", async () => {
  const { action } = get("action").dataset;
  if (action === "allow") await chrome.permissions.request({ origins: ORIGINS });
  if (action === "resume") await tell({ kind: "pause", minutes: 0 });
  await refresh(true);
});
get("code-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const reply = await tell({ kind: "pairCode", code: /** @type {HTMLInputElement} */ (get("code")).value });
  say("code-result", reply.paired ? "" : explainPairing(reply));
  await refresh(true);
});
get("pause").addEventListener("click", async () => {
  await tell({ kind: "pause", minutes: Number(get("pause").dataset.minutes) });
  await refresh(false);
});
get("site-on").addEventListener("change", async () => {
  const { checked } = /** @type {HTMLInputElement} */ (get("site-on"));
  if (page) await tell({ kind: "siteSwitch", site: page.site, on: checked });
  await refresh(false);
});
for (const radio of document.querySelectorAll("input[name=mode]"))
  radio.addEventListener("change", () =>
    tell({ kind: "mode", mode: /** @type {HTMLInputElement} */ (radio).value }),
  );
get("drafts").addEventListener("change", () =>
  tell({ kind: "drafts", on: /** @type {HTMLInputElement} */ (get("drafts")).checked }),
);
get("dashboard").addEventListener("click", async () => {
  const { opened } = await tell({ kind: "openDashboard" });
  if (opened) window.close();
  else say("dashboard-result", "The companion did not open its dashboard. Try again in a moment.");
});

await findPage();
await refresh(true);
setInterval(() => void refresh(false), REFRESH_MS);
