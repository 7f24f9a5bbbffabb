// The mark: a small gauge in a closed root on an anonymous host, identical in size for every item whatever its score.

const Mark = (() => {
  /** @typedef {import("../protocol.js").Score} Score @typedef {import("../protocol.js").Mode} Mode */
  /**
   * @typedef {{
   *   host: HTMLElement, box: HTMLButtonElement, number: HTMLElement, word: HTMLElement, veil: HTMLElement,
   *   setAbsolute: (absolute: boolean) => void, setPointed: (pointed: boolean, lifted: boolean) => void,
   * }} Gauge
   */

  /** Font size of the number beside 14 px of text; the mark grows with the author's name. */
  const SIZE_RATIO = 12 / 14;
  const SMALLEST_PX = 11;
  const LARGEST_PX = 28;

  // `:host` rules marked important win over anything the page says about the host, and leave no trace in its attributes.
  const hostRules = (/** @type {string} */ position) => `
    :host { all: initial !important; display: inline !important; position: ${position} !important; font-size: 0 !important;
      line-height: 0 !important; pointer-events: auto !important; user-select: none !important; }`;
  const look = `
    .mark { --ground: #ffffff; --text: #16212a; --quiet: #55646f; --unsure: #7a7f87; --ring: #0b61d8;
      --d0: #c9b37e; --d1: #8fb3b0; --d2: #2f7f95; --d3: #0d4a6b;
      all: initial; position: absolute; box-sizing: border-box; display: inline-flex; align-items: center; gap: 0.3em;
      width: 3.5em; height: 1.5em; padding: 0.08em 0.25em; border-radius: 0.35em; cursor: pointer; direction: ltr;
      font: 600 12px/1 system-ui, sans-serif; font-variant-numeric: tabular-nums; color: var(--text); white-space: nowrap; }
    .mark.dark { --ground: #1b242b; --text: #e8eef2; --quiet: #9fb0bc; --unsure: #a3a9b1; --ring: #7db5ff;
      --d0: #d9c48f; --d1: #8fbdb9; --d2: #4fa3ba; --d3: #7fc4e8; }
    .tube { box-sizing: border-box; position: relative; flex: none; width: 0.62em; height: 1.25em; overflow: hidden;
      border: max(1px, 0.1em) solid var(--quiet); border-radius: 0.16em 0.16em 0.31em 0.31em; }
    .fill { position: absolute; inset: auto 0 0 0; height: 0; background: var(--deep, transparent); }
    .half .fill { height: 50%; }
    .full .fill { height: 100%; }
    .unsure .tube { border-style: dashed; border-color: var(--unsure); }
    .unsure .number { color: var(--quiet); font-weight: 500; }
    .unscored .tube { opacity: 0.75; }
    .number { font: inherit; }
    .word { position: absolute; inset: 0 auto auto 100%; display: none; align-items: center; height: 100%; padding: 0 0.5em;
      margin-left: 0.15em; border-radius: 0.35em; font: 500 1em/1 system-ui, sans-serif; color: var(--text);
      background: var(--ground); box-shadow: 0 0 0 1px color-mix(in srgb, var(--quiet) 35%, transparent), 0 2px 6px rgb(0 0 0 / 0.12);
      pointer-events: none; }
    .mark:hover, .mark:focus-visible { background: var(--ground); box-shadow: 0 0 0 1px color-mix(in srgb, var(--quiet) 35%, transparent); z-index: 2; }
    .mark:hover .word, .mark:focus-visible .word { display: flex; }
    .mark:focus-visible { outline: 2px solid var(--ring); outline-offset: 1px; }
    .mark.quiet:not(.deep, .pointed, :hover, :focus-visible) { opacity: 0; }
    .mark.doubtful, .mark.exempt { visibility: hidden; }
    .veil { display: none; position: absolute; pointer-events: none; opacity: 0; }
    .veil.on { display: block; }
    .veil.down:not(.pointed, .lifted) { opacity: 0.62; }
    @media (prefers-reduced-motion: no-preference) { .mark { animation: appear 120ms ease-out; } @keyframes appear { from { opacity: 0; } }
      .veil { transition: opacity 120ms; } }
    @media (forced-colors: active) { .tube { border-color: ButtonText; } .fill { background: Highlight; } }`;

  const sheets = new Map();
  /** One sheet for all roots where the browser lets a content script share it, else null.
   * @param {"relative" | "absolute"} position @returns {CSSStyleSheet} */
  function sheetFor(position) {
    const known = sheets.get(position);
    if (known) return known;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(hostRules(position) + look);
    sheets.set(position, sheet);
    return sheet;
  }

  /** Styles a closed root. Firefox may keep `adoptedStyleSheets` from content scripts; a style element does the same there.
   * @param {ShadowRoot} root @param {"relative" | "absolute"} position */
  function style(root, position) {
    const element = root.querySelector("style");
    if (!element)
      try {
        root.adoptedStyleSheets = [sheetFor(position)];
        if (root.adoptedStyleSheets.length === 1) return;
      } catch (error) {
        console.debug("Soundings: style elements instead of shared sheets", error);
      }
    const sheet = element ?? document.createElement("style");
    sheet.textContent = hostRules(position) + look;
    if (!element) root.prepend(sheet);
  }

  /** @returns {Gauge} */
  function create() {
    const host = document.createElement("span");
    const root = host.attachShadow({ mode: "closed" });
    style(root, "relative");
    const box = document.createElement("button");
    box.type = "button";
    box.setAttribute("aria-haspopup", "dialog");
    const tube = span("tube");
    tube.append(span("fill"));
    // Inert text is not found by window.find or by selection, while the button's label still speaks to screen readers.
    const [number, word] = [span("number"), span("word")];
    number.inert = true;
    word.inert = true;
    box.append(tube, number, word);
    const veil = span("veil");
    root.append(veil, box);
    return {
      host,
      box,
      number,
      word,
      veil,
      setAbsolute: (absolute) => style(root, absolute ? "absolute" : "relative"),
      setPointed: (pointed, lifted) => {
        box.classList.toggle("pointed", pointed);
        veil.classList.toggle("pointed", pointed);
        veil.classList.toggle("lifted", lifted);
      },
    };
  }

  /** @param {string} name */
  function span(name) {
    const element = document.createElement("span");
    element.className = name;
    return element;
  }

  /** Draws what is known of an item. Every item has a veil of the same kind, drawn down or not: what lies over a text is
   * something a page can find out. @param {Gauge} gauge @param {{score: Score | null, label: string | null, ground: number[], textPx: number,
   * mode?: Mode, fade?: boolean, exempt?: boolean, lifted?: boolean}} state `ground`: red, green, blue behind it */
  function draw(
    { box, number, word, veil },
    { score, label, ground, textPx, mode = "every", fade, exempt, lifted },
  ) {
    const names = ["mark", mode, CardBody.levelOf(score)];
    if (exempt) names.push("exempt");
    if (isDark(ground)) names.push("dark");
    if (box.classList.contains("pointed")) names.push("pointed");
    if (score?.verdict === "substantive") names.push("deep");
    box.className = names.join(" ");
    const down = fade && score?.verdict === "superficial";
    veil.className = [
      "veil",
      fade && "on",
      down && "down",
      lifted && "lifted",
      names.includes("pointed") && "pointed",
    ]
      .filter(Boolean)
      .join(" ");
    veil.style.background = `rgb(${ground.join(" ")})`;
    box.style.fontSize = `${Math.min(LARGEST_PX, Math.max(SMALLEST_PX, textPx * SIZE_RATIO))}px`;
    box.style.setProperty(
      "--deep",
      score ? `var(--d${Math.min(3, Math.floor(score.depth / 25))})` : "transparent",
    );
    number.textContent = score ? String(score.depth) : "";
    word.textContent = score ? score.verdict : "not scored";
    const said = label ? `, you said ${label}` : "";
    box.setAttribute(
      "aria-label",
      score ? `Depth ${score.depth}, ${score.verdict}${said}` : "Depth not scored",
    );
  }

  /** @param {number[]} ground */
  const isDark = ([red, green, blue]) => 0.299 * red + 0.587 * green + 0.114 * blue < 128;

  /** The colour an element stands on: the first background behind it that is not see-through.
   * @param {Element} element @returns {number[]} red, green, blue */
  function groundOf(element) {
    /** @type {Element | null} */
    let at = element;
    for (; at; at = at.parentElement) {
      const parts = getComputedStyle(at)
        .backgroundColor.match(/[\d.]+/g)
        ?.map(Number);
      if (parts && (parts[3] ?? 1) >= 0.5) return parts.slice(0, 3);
    }
    return getComputedStyle(document.documentElement).colorScheme === "dark" ? [0, 0, 0] : [255, 255, 255];
  }

  /** Takes out the marks of an earlier life of this extension, say before an update: Firefox tells that script nothing of its end. */
  function sweep() {
    for (const host of document.querySelectorAll("span:empty")) {
      if (host.attributes.length > 0 || !(host instanceof HTMLElement) || Shield.owns(host)) continue;
      const root =
        "openOrClosedShadowRoot" in host && /** @type {ShadowRoot | null} */ (host.openOrClosedShadowRoot);
      if (root !== false && root?.querySelector("button.mark > .tube")) host.remove();
    }
  }

  return { create, draw, groundOf, isDark, sweep };
})();
