// The card of one item: verdict, reasons, facets and the two buttons by which the user says what it is. One at a time.

const Card = (() => {
  /** @typedef {import("../protocol.js").Score} Score @typedef {import("../protocol.js").Label} Label */
  /** @typedef {import("../protocol.js").Rect} Rect */
  /**
   * What the card shows and whom it tells. `check`: why the item is no longer what was shown, or null.
   * @typedef {{
   *   score: Score | null, text: string, textElement: Element | null, label: Label | null, dark: boolean,
   *   mark: {host: HTMLElement, box: HTMLElement}, check: () => string | null,
   *   onLabel: (label: Label) => Promise<string | null>, onUndo: () => Promise<string | null>,
   * }} Subject
   */

  const words = {
    facets: {
      reveal: "tells of oneself",
      wisdom: "offers something to use",
      solicit: "asks a real question",
      engage: "takes up the other’s point",
    },
    asUnsaid: "What is it to you?",
    asSaid: (/** @type {string} */ label) => `You said ${label}.`,
    undo: "Undo",
    unsure: "The text does not carry a verdict either way.",
    noReasons: "No single phrase stands out.",
    unscored: "Not scored yet: the companion cannot be reached. A label is kept until it can.",
    noText: "There is no text here to judge.",
    refused: (/** @type {string} */ why) => `Not counted: ${why}. Click once more.`,
  };

  const look = `
    :host { all: initial !important; position: fixed !important; inset: auto !important; margin: 0 !important; padding: 0 !important;
      border: 0 !important; background: none !important; overflow: visible !important; width: auto !important; height: auto !important;
      display: block !important; color-scheme: light !important; user-select: none !important; }
    .card { --ground: #ffffff; --raised: #f5f7f9; --text: #16212a; --quiet: #55646f; --line: #d5dce1; --ring: #0b61d8; --deep: #2f7f95; --shallow: #c9b37e;
      --chosen: #0d4a6b; --on-chosen: #ffffff; --warn: #9a4b00;
      box-sizing: border-box; position: relative; width: 300px; max-width: calc(100vw - 16px); padding: 16px; border: 1px solid var(--line); border-radius: 6px;
      background: var(--ground); color: var(--text); font: 400 13px/1.45 system-ui, sans-serif; font-variant-numeric: tabular-nums;
      box-shadow: 0 8px 28px rgb(0 0 0 / 0.18); outline: none; text-align: start; }
    .card.dark { --ground: #12181d; --raised: #1b242b; --text: #e8eef2; --quiet: #9fb0bc; --line: #34424c; --ring: #7db5ff; --deep: #4fa3ba; --shallow: #d9c48f;
      --chosen: #7fc4e8; --on-chosen: #12181d; --warn: #ffb374; }
    .head { display: flex; align-items: baseline; justify-content: space-between; margin: 0 0 8px; font: inherit; }
    .verdict { font-size: 15px; font-weight: 600; }
    .depth { font-size: 22px; font-weight: 600; line-height: 1; }
    .depth small { font-size: 12px; font-weight: 400; color: var(--quiet); }
    ul { list-style: none; margin: 0; padding: 0; }
    .reasons li { padding: 4px 8px; margin: 0 -8px 0 -4px; border-radius: 4px; border-inline-start: 3px solid var(--line); }
    .reasons li.substantive { border-inline-start-color: var(--deep); } .reasons li.superficial { border-inline-start-color: var(--shallow); }
    .reasons li.note { border: 0; padding-inline-start: 4px; }
    .reasons li:hover { background: var(--raised); }
    .why { display: block; }
    .quote { display: block; color: var(--quiet); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    .facets { display: grid; grid-template-columns: 1fr 76px; gap: 6px 12px; align-items: center; margin: 12px 0; padding: 12px 0;
      border-block: 1px solid var(--line); color: var(--quiet); }
    .bar { height: 4px; border-radius: 2px; background: var(--line); overflow: hidden; }
    .bar i { display: block; height: 100%; background: var(--deep); }
    .ask { display: flex; justify-content: space-between; align-items: baseline; min-height: 20px; margin: 0 0 6px; }
    .buttons { display: grid; grid-template-columns: 1fr 1fr; gap: 8px; }
    button { font: inherit; color: inherit; background: none; border: 1px solid var(--line); border-radius: 6px; padding: 6px 8px; min-height: 32px;
      cursor: pointer; }
    button:hover { background: var(--raised); }
    button:focus-visible { outline: 2px solid var(--ring); outline-offset: 2px; }
    button[aria-pressed="true"] { background: var(--chosen); color: var(--on-chosen); border-color: var(--chosen); }
    button.verdict-here:not([aria-pressed="true"]) { border-color: var(--deep); box-shadow: inset 0 0 0 1px var(--deep); }
    .undo { border: 0; padding: 0; min-height: 0; text-decoration: underline; color: var(--quiet); }
    .undo:hover { background: none; color: var(--text); }
    .note { margin: 0; color: var(--quiet); }
    .warning { margin: 8px 0 0; color: var(--warn); }
    .foot { margin: 10px 0 0; font-size: 12px; color: var(--quiet); }
    .flash { position: fixed; border-radius: 2px; background: #2f7f95; opacity: 0.28; pointer-events: none; }
    @media (prefers-reduced-motion: no-preference) { .card { animation: rise 120ms ease-out; } @keyframes rise { from { opacity: 0; } } }`;

  /** @type {{host: HTMLElement, root: ShadowRoot, place: HTMLStyleElement, card: HTMLElement, subject: Subject, trust: ReturnType<typeof Trust.watch>,
   *   stopWatching: () => void, warning: string, busy: boolean, markAt: DOMRect} | null} */
  let open = null;

  /** @param {Subject} subject */
  function show(subject) {
    close();
    const host = document.createElement("span");
    const root = host.attachShadow({ mode: "closed" });
    const [style, place] = [document.createElement("style"), document.createElement("style")];
    style.textContent = look;
    const card = make("section", `card${subject.dark ? " dark" : ""}`);
    card.tabIndex = -1;
    card.setAttribute("role", "dialog");
    card.setAttribute("aria-label", "Depth of this text");
    root.append(style, place, card);
    host.popover = "manual"; // the top layer: above the page, whatever its z-index
    // Beside a modal dialog everything is inert, so the card must live in it.
    const modal = subject.mark.host.closest("dialog:modal");
    (modal ?? document.body ?? document.documentElement).append(host);
    Shield.own(host, onOwnEvent);
    host.showPopover();
    open = {
      host,
      root,
      place,
      card,
      subject,
      trust: Trust.watch(host, card),
      stopWatching: Shield.watch(onOutsideEvent),
      warning: "",
      busy: false,
      markAt: subject.mark.box.getBoundingClientRect(),
    };
    redraw();
    position();
    open.trust.redrawn();
    window.addEventListener("scroll", onScroll, { capture: true, passive: true });
    subject.mark.box.setAttribute("aria-expanded", "true");
    card.focus({ preventScroll: true });
  }

  /** @param {{returnFocus?: boolean}} [options] */
  function close({ returnFocus = false } = {}) {
    if (!open) return;
    const { host, subject, trust, stopWatching } = open;
    open = null;
    window.removeEventListener("scroll", onScroll, { capture: true });
    trust.stop();
    stopWatching();
    host.remove();
    subject.mark.box.removeAttribute("aria-expanded");
    if (returnFocus) subject.mark.box.focus({ preventScroll: true });
  }

  function redraw() {
    if (!open) return;
    const { card, subject, warning } = open;
    const { score, label } = subject;
    const focused = open.root.activeElement?.getAttribute("data-does");
    card.replaceChildren();

    const head = make("div", "head");
    head.append(make("span", "verdict", score ? score.verdict : "not scored"));
    if (score) {
      const depth = make("span", "depth");
      depth.append(make("span", "number", String(score.depth)), make("small", "", "\u00a0of 100"));
      head.append(depth);
    }
    card.append(head);
    if (score) card.append(...reasonsAndFacets(score, subject));
    else card.append(make("p", "note", subject.text ? words.unscored : words.noText));

    const ask = make("div", "ask");
    ask.append(make("span", "said", label ? words.asSaid(label) : words.asUnsaid));
    if (label) ask.append(button("undo", "undo", words.undo));
    const buttons = make("div", "buttons");
    for (const one of /** @type {Label[]} */ (["superficial", "substantive"])) {
      const choice = button(score?.verdict === one ? "verdict-here" : "", one, one);
      choice.setAttribute("aria-pressed", String(label === one));
      buttons.append(choice);
    }
    card.append(ask, buttons);
    if (warning) {
      const line = make("p", "warning", warning);
      line.setAttribute("role", "alert");
      card.append(line);
    }
    if (score) card.append(make("p", "foot", `Model version ${score.model}`));
    // Text in a closed root can still be found by guessing (window.find); inert text cannot.
    for (const element of card.querySelectorAll(
      ".verdict, .number, small, .facet, .why, .quote, .said, .note, .foot",
    ))
      if (element instanceof HTMLElement) speakInert(element);
    if (focused) /** @type {HTMLElement | null} */ (card.querySelector(`[data-does="${focused}"]`))?.focus();
  }

  /** At most three reasons, each with all the words it points to. @param {Score} score */
  function reasonsOf({ evidence }) {
    const reasons = [...new Set(evidence.map(({ why }) => why))].slice(0, 3);
    return reasons.map((why) => {
      const same = evidence.filter((one) => one.why === why);
      return { why, toward: same[0].toward, evidence: same };
    });
  }

  /** @param {Score} score @param {Subject} subject */
  function reasonsAndFacets(score, subject) {
    const reasons = make("ul", "reasons");
    for (const { why, toward, evidence } of reasonsOf(score)) {
      const quotes = evidence.map(({ start, length }) => `“${subject.text.slice(start, start + length)}”`);
      const line = make("li", toward);
      line.append(make("span", "why", why), make("span", "quote", quotes.join(", ")));
      reasons.append(line);
    }
    if (score.evidence.length === 0)
      reasons.append(make("li", "note", score.verdict === "unsure" ? words.unsure : words.noReasons));
    const facets = make("div", "facets");
    for (const [name, text] of Object.entries(words.facets)) {
      const value = Math.round(100 * score.facets[/** @type {keyof Score["facets"]} */ (name)]);
      const bar = make("span", "bar");
      const fill = make("i", "");
      fill.style.width = `${value}%`;
      bar.append(fill);
      bar.setAttribute("role", "img");
      bar.setAttribute("aria-label", `${value} of 100`);
      facets.append(make("span", "facet", text), bar);
    }
    return [reasons, facets];
  }

  /** Keeps a text from being found by the page while screen readers hear it. @param {HTMLElement} element */
  function speakInert(element) {
    element.setAttribute("role", "img");
    element.setAttribute("aria-label", element.textContent ?? "");
    const text = make("span", "", element.textContent ?? "");
    text.inert = true;
    element.replaceChildren(text);
  }

  /** @param {string} tag @param {string} name @param {string} [text] */
  function make(tag, name, text) {
    const element = document.createElement(tag);
    if (name) element.className = name;
    if (text !== undefined) element.textContent = text;
    return element;
  }

  /** @param {string} name @param {string} does @param {string} text */
  function button(name, does, text) {
    const element = /** @type {HTMLButtonElement} */ (make("button", name));
    const shown = make("span", "", text);
    shown.inert = true;
    element.append(shown);
    element.type = "button";
    element.dataset.does = does;
    element.setAttribute("aria-label", text);
    return element;
  }

  /** Below the mark, or above it where there is no room. */
  function position() {
    if (!open) return;
    const { place, card, subject } = open;
    const mark = subject.mark.box.getBoundingClientRect();
    const { width, height } = card.getBoundingClientRect();
    const [viewWidth, viewHeight] = [document.documentElement.clientWidth, window.innerHeight];
    const below = mark.bottom + 6;
    const above = mark.top - 6 - height;
    const y =
      below + height <= viewHeight - 8 ? below : above >= 8 ? above : Math.max(8, viewHeight - 8 - height);
    const x = Math.max(8, Math.min(mark.left, viewWidth - 8 - width));
    // In the root, not in the host's own style: the page need not know where.
    place.textContent = `:host { left: ${Math.round(x)}px !important; top: ${Math.round(y)}px !important; }`;
  }

  // What the user does

  /** Trusted events on our host; the page hears none of them. @param {Event} event */
  function onOwnEvent(event) {
    if (!open) return;
    if (event instanceof KeyboardEvent && event.type === "keydown") {
      if (event.key === "Escape") {
        event.preventDefault();
        close({ returnFocus: true });
      } else if (event.key === "Tab") keepFocus(event);
    }
    if (event instanceof MouseEvent && event.type === "click") {
      const byKey = event.detail === 0;
      const hit = byKey ? open.root.activeElement : open.root.elementFromPoint(event.clientX, event.clientY);
      const does = hit?.closest("[data-does]");
      if (does) void act(does);
    }
    if (event.type === "pointerover" || event.type === "pointermove")
      hover(/** @type {PointerEvent} */ (event));
    if (event.type === "pointerleave" || event.type === "pointerout") clearHighlight();
  }

  /** Tab goes round in the card: it is a dialog. @param {KeyboardEvent} event */
  function keepFocus(event) {
    if (!open) return;
    const stops = [...open.card.querySelectorAll("button")];
    const at = stops.indexOf(/** @type {HTMLButtonElement} */ (open.root.activeElement));
    const next = event.shiftKey ? (at <= 0 ? stops.length - 1 : at - 1) : (at + 1) % stops.length;
    event.preventDefault();
    stops[next]?.focus();
  }

  /** @param {Element} control */
  async function act(control) {
    if (!open || open.busy) return;
    const now = open;
    const objection = now.trust.objection(control) ?? now.subject.check();
    if (objection) {
      now.warning = words.refused(objection);
      redraw();
      return;
    }
    now.busy = true;
    const does = control.getAttribute("data-does");
    const problem =
      does === "undo" ? await now.subject.onUndo() : await now.subject.onLabel(/** @type {Label} */ (does));
    now.busy = false;
    if (open !== now) return;
    now.warning = problem ?? "";
    redraw();
    now.trust.redrawn();
  }

  /** @param {Event} event trusted, and not on an element of ours */
  function onOutsideEvent(event) {
    if (event.type === "pointerdown") close();
    if (event.type === "beforetoggle") open?.trust.disturbed();
    if (event.type === "toggle") raise();
    if (event instanceof KeyboardEvent && event.type === "keydown" && event.key === "Escape") {
      event.preventDefault();
      event.stopImmediatePropagation();
      close({ returnFocus: true });
    }
  }

  /** Something entered the top layer after the card: the card goes over it again, and must be read anew. */
  function raise() {
    if (!open) return;
    const focused = open.root.activeElement;
    open.host.hidePopover();
    open.host.showPopover();
    open.trust.disturbed();
    if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  }

  /** Closes once the mark has moved away: a scroll elsewhere, or one that ended with the click, is none of ours. */
  function onScroll() {
    if (!open) return;
    const { top, left } = open.subject.mark.box.getBoundingClientRect();
    if (Math.abs(top - open.markAt.top) > 2 || Math.abs(left - open.markAt.left) > 2) close();
  }

  // The words a reason points to

  /** @type {Element | null} */
  let hovered = null;
  /** @param {PointerEvent} event */
  function hover(event) {
    if (!open?.subject.score) return;
    const line = open.root.elementFromPoint(event.clientX, event.clientY)?.closest("li") ?? null;
    if (line === hovered) return;
    clearHighlight();
    hovered = line;
    const at = line?.parentElement ? [...line.parentElement.children].indexOf(line) : -1;
    const { score, textElement, text } = open.subject;
    const { evidence = [] } = reasonsOf(score)[at] ?? {};
    // Before the card, so that it lies over them.
    if (textElement) for (const one of evidence) open.card.before(...Quote.over(textElement, text, one));
  }

  function clearHighlight() {
    hovered = null;
    for (const flash of open?.root.querySelectorAll(".flash") ?? []) flash.remove();
  }

  // For the outside

  /** The two buttons of the card of this mark, once a click on them counts. @param {HTMLElement} markHost
   * @returns {Record<Label, Rect> | null} */
  function labelRects(markHost) {
    if (open?.subject.mark.host !== markHost || !open.trust.isSettled()) return null;
    const { card } = open;
    const rectOf = (/** @type {Label} */ label) => {
      const { x, y, width, height } = /** @type {Element} */ (
        card.querySelector(`[data-does="${label}"]`)
      ).getBoundingClientRect();
      return { x, y, width, height };
    };
    return { superficial: rectOf("superficial"), substantive: rectOf("substantive") };
  }

  return {
    show,
    close,
    labelRects,
    /** What changed in the subject of an open card. @param {HTMLElement} markHost @param {Partial<Subject>} change */
    update: (markHost, change) => {
      if (open?.subject.mark.host !== markHost) return;
      Object.assign(open.subject, change);
      redraw();
      open.trust.redrawn();
    },
    /** Whether the card of this mark is open. @param {HTMLElement} markHost */
    isOpen: (markHost) => open?.subject.mark.host === markHost,
  };
})();
