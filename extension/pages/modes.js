// The choice of what is shown on pages, as popup and consent page offer it: three ways with a small picture each.
import { modeWords } from "./strings.js";
import { openPanel, tell } from "./tab.js";

/** @typedef {import("../protocol.js").Mode} Mode */

const text = "M8 9h14M8 14h54M8 21h14M8 26h44M8 33h14M8 38h50";
/** Lines of text and what we add, 72 by 44. @type {Record<Mode, {lines: string, ours: string}>} */
const pictures = {
  every: { lines: text, ours: "M27 5h4v7h-4zM27 17h4v7h-4zM27 29h4v7h-4z" },
  quiet: { lines: text, ours: "M27 17h4v7h-4z" },
  panel: {
    lines: "M8 9h14M8 14h32M8 21h14M8 26h26M8 33h14M8 38h30M47 1v42M60 9h7M60 21h7M60 33h7",
    ours: "M52 5h4v7h-4zM52 17h4v7h-4zM52 29h4v7h-4z",
  },
};

/** @param {string} name @param {Record<string, string>} attributes */
function svg(name, attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

/** Fills a fieldset; what one chooses is in force at once. @param {HTMLElement} fieldset @returns {(mode: Mode) => void} shows what is chosen */
export function drawModes(fieldset) {
  const about = document.createElement("p");
  about.className = "quiet";
  about.id = "mode-about";
  const opener = document.createElement("button");
  Object.assign(opener, { type: "button", textContent: modeWords.open });
  opener.addEventListener("click", () => void openPanel());
  const modes = /** @type {Mode[]} */ (Object.keys(pictures));
  const radios = modes.map((mode) => {
    const radio = document.createElement("input");
    Object.assign(radio, { type: "radio", name: "mode", value: mode });
    radio.setAttribute("aria-describedby", about.id);
    radio.addEventListener("change", () => {
      show(mode);
      void tell({ kind: "mode", mode });
    });
    const picture = svg("svg", { viewBox: "0 0 72 44", width: "72", height: "44", "aria-hidden": "true" });
    picture.append(
      svg("rect", { class: "frame", x: "1", y: "1", width: "70", height: "42", rx: "4" }),
      svg("path", { class: "lines", d: pictures[mode].lines }),
      svg("path", { class: "ours", d: pictures[mode].ours }),
    );
    const label = document.createElement("label");
    label.className = "mode";
    label.append(radio, picture, modeWords[mode].title);
    fieldset.append(label);
    return radio;
  });
  fieldset.append(about, opener);

  /** @param {Mode} mode */
  function show(mode) {
    for (const radio of radios) radio.checked = radio.value === mode;
    if (about.textContent !== modeWords[mode].about) about.textContent = modeWords[mode].about;
    opener.hidden = mode !== "panel";
  }
  return show;
}
