// The consent page: the click on Connect is what allows a one-time link or code to connect this browser.
import { explainPairing } from "./strings.js";

/** @typedef {import("../protocol.js").PairReply} PairReply */

const ORIGINS = ["http://127.0.0.1/*", "https://*.linkedin.com/*", "https://*.facebook.com/*"];

/** @template {HTMLElement} T @param {string} id @returns {T} */
const get = (id) => /** @type {T} */ (document.getElementById(id));

/** @param {"consent" | "typed" | "done"} name */
function show(name) {
  for (const id of ["consent", "typed", "done"]) get(id).hidden = id !== name;
}

/** @param {PairReply} reply */
function conclude(reply) {
  get("problem").hidden = reply.paired;
  if (reply.paired) {
    get("words").textContent = reply.words;
    document.title = "Connected to Soundings";
    show("done");
  } else {
    get("problem").textContent = explainPairing(reply);
    if (reply.why !== "bad-code") show("typed");
  }
}

/** Firefox lets the user withhold host access; the click is the gesture that may ask for it. @param {object} message */
async function connect(message) {
  const granted = await chrome.permissions.request({ origins: ORIGINS });
  conclude(
    granted
      ? await chrome.runtime.sendMessage(message)
      : { paired: false, why: "permission-missing", port: null },
  );
}

get("connect").addEventListener("click", () => void connect({ kind: "pairConfirm" }));
get("code-form").addEventListener("submit", (event) => {
  event.preventDefault();
  void connect({ kind: "pairCode", code: /** @type {HTMLInputElement} */ (get("code")).value });
});

const pending = await chrome.runtime.sendMessage({ kind: "pairPending" });
if (pending) {
  get("address").textContent = `127.0.0.1:${pending.port}`;
  show("consent");
  get("connect").focus();
} else {
  show("typed");
  get("code").focus();
}
