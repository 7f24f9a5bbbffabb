// The consent page: the click on Connect is what allows a one-time link or code to connect this browser.
import { drawModes } from "./modes.js";
import { explainPairing } from "./strings.js";
import { get, ORIGINS, tell } from "./tab.js";

/** @typedef {import("../protocol.js").PairReply} PairReply */

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
    tell({ kind: "state" }).then(({ mode }) => showMode(mode));
    show("done");
  } else {
    get("problem").textContent = explainPairing(reply);
    if (reply.why !== "bad-code") show("typed");
  }
}

/** Firefox lets the user withhold host access; the click is the gesture that may ask for it. @param {object} message */
async function connect(message) {
  const granted = await chrome.permissions.request({ origins: ORIGINS });
  conclude(granted ? await tell(message) : { paired: false, why: "permission-missing", port: null });
}

get("connect").addEventListener("click", () => void connect({ kind: "pairConfirm" }));
get("code-form").addEventListener("submit", (event) => {
  event.preventDefault();
  void connect({ kind: "pairCode", code: /** @type {HTMLInputElement} */ (get("code")).value });
});

const showMode = drawModes(get("modes"));
const pending = await tell({ kind: "pairPending" });
if (pending) {
  get("address").textContent = `127.0.0.1:${pending.port}`;
  show("consent");
  get("connect").focus();
} else {
  show("typed");
  get("code").focus();
}
