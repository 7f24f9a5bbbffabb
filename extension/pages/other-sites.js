// The popup's part on further sites: which are read besides LinkedIn and Facebook, one permission each, given and taken back here.
import { otherSiteWords as words } from "./strings.js";
import { get, tell } from "./tab.js";

/** The permission for a site, from what a person types or pastes; null: that is no address. @param {string} typed */
function patternOf(typed) {
  const address = typed.trim().replace(/^https?:\/\//i, "");
  if (!URL.canParse(`https://${address}`)) return null;
  const { hostname } = new URL(`https://${address}`);
  return /^[^.].*\.[^.0-9][^.]*$/.test(hostname) ? `https://*.${hostname.replace(/^www\./, "")}/*` : null;
}

export async function listOtherSites() {
  const patterns = /** @type {string[]} */ (await tell({ kind: "sitesToo" }));
  get("other-count").textContent = patterns.length > 0 ? String(patterns.length) : "";
  get("other-list").replaceChildren(
    ...patterns.map((pattern) => {
      const entry = document.createElement("li");
      const host = pattern.replace(/^https:\/\/(\*\.)?/, "").replace(/\/\*$/, "");
      const stop = document.createElement("button");
      stop.type = "button";
      stop.textContent = words.stop;
      stop.setAttribute("aria-label", words.stopFor(host));
      stop.addEventListener("click", async () => {
        await chrome.permissions.remove({ origins: [pattern] });
        await listOtherSites();
      });
      entry.append(host, stop);
      return entry;
    }),
  );
}

get("other-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const field = /** @type {HTMLInputElement} */ (get("other-site"));
  const pattern = patternOf(field.value);
  const result = get("other-result");
  result.textContent = pattern ? "" : words.noAddress;
  result.hidden = pattern !== null;
  if (!pattern) return;
  // Nothing may be awaited before this: the browser asks only from within the press of the button.
  chrome.permissions.request({ origins: [pattern] }).then(async (granted) => {
    if (granted) field.value = "";
    else [result.textContent, result.hidden] = [words.refused, false];
    await listOtherSites();
  });
});
