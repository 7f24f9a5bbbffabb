// The card of one item: verdict, reasons, facets and the two buttons by which the user says what it is. One at a time.

const Card = (() => {
  /** @typedef {import("../protocol.js").Label} Label @typedef {import("../protocol.js").Rect} Rect */
  /**
   * What the card shows and whom it tells. `check`: why the item is no longer what was shown, or null; `onAct`: resolves to what went wrong.
   * @typedef {Parameters<typeof CardBody.fill>[1] & {textElement: Element | null, dark: boolean,
   *   mark: {host: HTMLElement, box: HTMLElement}, check: () => string | null, onAct: (does: string) => Promise<string | null>}} Subject
   */

  const look = `
    :host { all: initial !important; position: fixed !important; inset: auto !important; margin: 0 !important; padding: 0 !important;
      border: 0 !important; background: none !important; overflow: visible !important; width: auto !important; height: auto !important;
      display: block !important; color-scheme: light !important; user-select: none !important; }
    ${CardBody.look}
    .card { box-shadow: 0 8px 28px rgb(0 0 0 / 0.18); }
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
    const card = CardBody.make("section", `card${subject.dark ? " dark" : ""}`);
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
    const focused = open.root.activeElement?.getAttribute("data-does");
    CardBody.fill(card, subject, warning);
    // Text in a closed root can still be found by guessing (window.find); inert text cannot.
    for (const element of card.querySelectorAll(
      ".verdict, .number, small, .facet, .why, .quote, .said, .note, .model",
    ))
      if (element instanceof HTMLElement) speakInert(element);
    if (!focused) return;
    const again = /** @type {HTMLElement | null} */ (card.querySelector(`[data-does="${focused}"]`));
    (again ?? card).focus({ preventScroll: true });
  }

  /** Keeps a text from being found by the page while screen readers hear it. @param {HTMLElement} element */
  function speakInert(element) {
    element.setAttribute("role", "img");
    element.setAttribute("aria-label", element.textContent ?? "");
    const text = CardBody.make("span", "", element.textContent ?? "");
    text.inert = true;
    element.replaceChildren(text);
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
      now.warning = `Not counted: ${objection}. Click once more.`;
      redraw();
      return;
    }
    now.busy = true;
    const problem = await now.subject.onAct(control.getAttribute("data-does") ?? "");
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
    const { evidence = [] } = CardBody.reasonsOf(score)[at] ?? {};
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
