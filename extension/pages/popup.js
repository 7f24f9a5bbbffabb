// The popup: how the connection stands and why, what is known of the page in front, and the few switches.
import { drawModes } from "./modes.js";
import { listOtherSites } from "./other-sites.js";
import {
  actions,
  exemptWords,
  explainConnection,
  explainOutbox,
  explainPage,
  explainPairing,
  explainRules,
  nameOf,
  outlineWords,
} from "./strings.js";
import { findTab, get, ORIGINS, tell } from "./tab.js";

/** @typedef {import("../protocol.js").WorkerState} WorkerState */

/** How often the open popup looks again, ms. It is open for seconds only. */
const REFRESH_MS = 1_000;
/** @param {string} id @param {string} text shown unless empty */
function say(id, text) {
  get(id).textContent = text;
  get(id).hidden = text === "";
}
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
  const about = explainPage(report, page && nameOf(page.site), state.mode);
  get("page-text").textContent = about.text;
  get("page-text").classList.toggle("warning", about.warning);
  get("outline").hidden = !about.blind;
  say("rules", explainRules(state.refusedRules, report?.tooSlow ?? []));
  say("outbox", explainOutbox(state.waiting, state.refused));
  get("site-line").hidden = page === null;
  if (page) {
    get("site-label").textContent = `Read ${nameOf(page.site)}`;
    /** @type {HTMLInputElement} */ (get("site-on")).checked = !state.sitesOff.includes(page.site);
  }
  showMode(state.mode);
  const fade = /** @type {HTMLInputElement} */ (get("fade"));
  fade.checked = state.fade;
  get("fade-line").hidden = state.mode === "panel";
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
get("fade").addEventListener("change", () =>
  tell({ kind: "mode", fade: /** @type {HTMLInputElement} */ (get("fade")).checked }),
);
get("drafts").addEventListener("change", () =>
  tell({ kind: "drafts", on: /** @type {HTMLInputElement} */ (get("drafts")).checked }),
);
get("outline").addEventListener("click", async () => {
  const outline = page && (await tell({ kind: "outlineOf", tabId: page.tabId }));
  if (outline) await navigator.clipboard.writeText(outline);
  say("outline-result", outline ? outlineWords.copied : outlineWords.failed);
});
get("dashboard").addEventListener("click", async () => {
  const { opened } = await tell({ kind: "openDashboard" });
  if (opened) window.close();
  else say("dashboard-result", "The companion did not open its dashboard. Try again in a moment.");
});

/** Whom the user exempted, each with a button that takes it back. */
async function listExempt() {
  const exempted = await tell({ kind: "exempted" });
  get("exempt").hidden = !exempted?.length;
  get("exempt-count").textContent = String(exempted?.length ?? 0);
  get("exempt-list").replaceChildren(
    ...(exempted ?? []).map((/** @type {{id: number, name: string, site: any}} */ { id, name, site }) => {
      const entry = document.createElement("li");
      const again = document.createElement("button");
      again.type = "button";
      again.textContent = exemptWords.again;
      again.setAttribute("aria-label", exemptWords.againFor(name));
      again.addEventListener("click", async () => {
        await tell({ kind: "unexempt", id });
        await listExempt();
      });
      entry.append(exemptWords.who(name, site), again);
      return entry;
    }),
  );
}

const showMode = drawModes(get("modes"));
const page = await findTab();
await refresh(true);
await listExempt();
await listOtherSites();
setInterval(() => void refresh(false), REFRESH_MS);
