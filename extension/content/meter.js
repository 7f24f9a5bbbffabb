// The draft meter: a gauge and at most one question beside a composer, over the page and never in it. It takes no clicks and no room.

const Meter = (() => {
  /** @typedef {import("../protocol.js").DraftAnswer} DraftAnswer */

  const words = {
    said: (/** @type {number} */ depth, /** @type {string} */ verdict) =>
      `Draft: depth ${depth}, ${verdict}.`,
  };
  /** Room the meter may need, px: whatever it shows, so that its place betrays nothing. */
  const SIZE = { width: 400, height: 44 };
  const GAP = 6;
  /** Quiet time before a screen reader is told, ms: it must not talk into the typing. */
  const ANNOUNCE_MS = 1_200;

  // The host has no size of its own: the page can measure it. What is said aloud is generated content, which window.find does not find.
  const look = `
    :host { all: initial !important; position: fixed !important; inset: auto !important; width: 0 !important; height: 0 !important;
      margin: 0 !important; padding: 0 !important; border: 0 !important; overflow: visible !important; display: block !important;
      pointer-events: none !important; user-select: none !important; }
    .meter { --ground: #ffffff; --text: #16212a; --quiet: #55646f; --line: #d5dce1;
      position: absolute; left: 0; box-sizing: border-box; display: flex; align-items: center; gap: 8px; width: max-content;
      max-width: min(${SIZE.width}px, 100vw - 16px); min-height: 28px; padding: 3px 10px 3px 4px; border-radius: 6px; background: var(--ground);
      color: var(--text); box-shadow: 0 0 0 1px var(--line), 0 2px 8px rgb(0 0 0 / 0.12); font: 400 13px/1.35 system-ui, sans-serif; text-align: start; }
    .meter.dark { --ground: #1b242b; --text: #e8eef2; --quiet: #9fb0bc; --line: #34424c; }
    .gauge { position: relative; flex: none; width: 36px; height: 18px; }
    .word { color: var(--quiet); }
    .question { font-weight: 500; }
    [role=status] { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
    [role=status]::after { content: attr(data-said); }
    @media (prefers-reduced-motion: no-preference) { .meter { animation: appear 120ms ease-out; } @keyframes appear { from { opacity: 0; } } }`;

  /** @type {{host: HTMLElement, place: HTMLStyleElement, meter: HTMLElement, gauge: ReturnType<typeof Mark.create>, word: HTMLElement,
   *   question: HTMLElement, status: HTMLElement, editor: Element, box: Element} | null} */
  let shown = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let announceTimer;
  let framed = false;

  /** @param {string} name @param {string} className */
  function make(name, className) {
    const element = document.createElement(name);
    element.className = className;
    return element;
  }

  /** @param {Element} editor @param {Element} box what the editor and its controls stand in */
  function open(editor, box) {
    const host = document.createElement("span");
    const root = host.attachShadow({ mode: "closed" });
    const [style, place] = [document.createElement("style"), document.createElement("style")];
    style.textContent = look;
    const meter = make("div", "meter");
    const [holder, word, question, status] = ["gauge", "word", "question", ""].map((name) =>
      make("span", name),
    );
    const gauge = Mark.create();
    meter.inert = true; // neither found nor selected nor focused; the status speaks instead
    status.setAttribute("role", "status");
    holder.append(gauge.host);
    meter.append(holder, word, question);
    root.append(style, place, meter, status);
    host.popover = "manual"; // the top layer: above the page, whatever its z-index
    (editor.closest("dialog:modal") ?? document.body).append(host);
    Shield.own(host, () => undefined);
    host.showPopover();
    window.addEventListener("scroll", moveSoon, { capture: true, passive: true });
    window.addEventListener("resize", moveSoon);
    shown = { host, place, meter, gauge, word, question, status, editor, box };
    return shown;
  }

  /** @param {{editor: Element, box: Element, answer: DraftAnswer}} reading */
  function show({ editor, box, answer: { score, suggestion } }) {
    if (shown && (shown.editor !== editor || !shown.host.isConnected)) hide();
    const { meter, gauge, word, question, status } = shown ?? open(editor, box);
    const ground = Mark.groundOf(editor);
    meter.classList.toggle("dark", Mark.isDark(ground));
    Mark.draw(gauge, { score, label: null, ground, textPx: 14 });
    word.textContent = score.verdict;
    question.textContent = suggestion ?? "";
    move();
    const said = [words.said(score.depth, score.verdict), suggestion].filter(Boolean).join(" ");
    const changed = status.dataset.verdict !== `${score.verdict} ${suggestion}`;
    clearTimeout(announceTimer);
    if (changed)
      announceTimer = setTimeout(() => {
        status.dataset.verdict = `${score.verdict} ${suggestion}`;
        status.dataset.said = said;
      }, ANNOUNCE_MS);
  }

  function hide() {
    clearTimeout(announceTimer);
    window.removeEventListener("scroll", moveSoon, { capture: true });
    window.removeEventListener("resize", moveSoon);
    shown?.host.remove();
    shown = null;
  }

  function moveSoon() {
    if (framed) return;
    framed = true;
    requestAnimationFrame(() => {
      framed = false;
      move();
    });
  }

  /** Beside the composer where nothing is written: in the row of its controls, below it, above it, or outside its dialog; else below. */
  function move() {
    if (!shown) return;
    const { editor, box, place } = shown;
    const inner = editor.getBoundingClientRect();
    const outer = box.getBoundingClientRect();
    const dialog = editor.closest("dialog,[role=dialog]")?.getBoundingClientRect();
    const lefts = [inner.left, outer.right - SIZE.width].map((left) =>
      Math.round(Math.max(8, Math.min(left, innerWidth - SIZE.width - 8))),
    );
    const rows = [inner, outer, dialog].flatMap((rect) =>
      rect ? [rect.bottom + GAP, ...(rect === inner ? [] : [rect.top - SIZE.height - GAP])] : [],
    );
    const spots = rows
      .filter((top) => top >= 0 && top + SIZE.height <= innerHeight)
      .flatMap((top) => lefts.map((left) => ({ left, top: Math.round(top) })));
    const { left, top } = spots.find((spot) => isFree(spot, editor)) ??
      spots.find(({ top: at }) => at >= outer.bottom || at + SIZE.height <= outer.top) ?? {
        left: lefts[0],
        top: 0,
      };
    const gone = inner.width === 0 || inner.bottom <= 0 || inner.top >= innerHeight;
    // Above the composer it stands on its own lower edge, next to what it speaks of.
    place.textContent = `:host { left: ${left}px !important; top: ${top}px !important; visibility: ${gone ? "hidden" : "visible"} !important; }
      .meter { top: ${top < inner.top ? "auto" : 0}; bottom: ${top < inner.top ? `${-SIZE.height}px` : "auto"}; }`;
  }

  /** Whether all that lies there is what the composer itself stands on. @param {{left: number, top: number}} spot @param {Element} editor */
  function isFree({ left, top }, editor) {
    const columns = [4, SIZE.width / 3, (SIZE.width * 2) / 3, SIZE.width - 4];
    return columns.every((x) =>
      [4, SIZE.height / 2, SIZE.height - 12].every((y) => {
        const there = document.elementFromPoint(left + x, top + y);
        return !there || there.contains(editor) || !/\S/.test(there.textContent ?? "");
      }),
    );
  }

  return {
    show,
    hide,
    moveSoon,
    /** Where it is drawn, for pages of ours. */
    rect: () => shown?.meter.getBoundingClientRect() ?? null,
  };
})();
