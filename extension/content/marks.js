// The marks of this page: each drawn, placed, adjusted and taken out again with its item, and shown or unveiled by pointing.

const Marks = (() => {
  /** @typedef {ReturnType<ReturnType<typeof Items.create>["all"]>[number]} Entry @typedef {NonNullable<Entry["gauge"]>} Gauge */

  /** Times a mark that the page removed is drawn again. */
  const MAX_ATTEMPTS = 5;

  /**
   * @param {{look: () => {mode: import("../protocol.js").Mode, fade: boolean}, find: (element: Element) => Entry | undefined,
   *   isLive: (entry: Entry) => boolean, drawLater: (entry: Entry) => void, adjustLater: (entries: Entry[]) => void,
   *   onClick: (entry: Entry) => void}} means
   */
  function create({ look, find, isLive, drawLater, adjustLater, onClick }) {
    /** @type {Entry | null} */
    let pointed = null;

    const sizes = new ResizeObserver((changes) => {
      /** @type {Entry[]} */
      const resized = [];
      for (const { target, borderBoxSize } of changes) {
        const entry = find(target);
        const size = borderBoxSize.map(({ inlineSize, blockSize }) => `${inlineSize} ${blockSize}`).join();
        if (!entry || entry.unitSize === size) continue;
        if (entry.placed && entry.unitSize !== "") resized.push(entry);
        entry.unitSize = size;
      }
      if (resized.length > 0) adjustLater(resized);
    });

    /** In quiet mode an item shows its mark, and with fading its text, while one points at it or has the focus in it.
     * @param {Event} event */
    function onPointing(event) {
      if (look().mode === "panel" || !["pointerover", "focusin", "pointerdown"].includes(event.type)) return;
      let at = event.target instanceof Element ? event.target : null;
      while (at && !find(at)) at = at.parentElement;
      point((at && find(at)) ?? null, event.type === "pointerdown");
    }

    /** @param {Entry | null} entry @param {boolean} lifts a click takes the veil away for good */
    function point(entry, lifts) {
      if (entry && lifts) entry.lifted = true;
      if (entry === pointed && !lifts) return;
      pointed?.gauge?.setPointed(false, pointed.lifted);
      entry?.gauge?.setPointed(true, entry.lifted);
      pointed = entry;
    }

    /** @param {Entry[]} wanted */
    function draw(wanted) {
      const { mode, fade } = look();
      if (mode === "panel") return;
      const live = wanted.filter(isLive);
      const surroundings = live.map(({ element, item: { anchor, textElement } }) => ({
        textPx: Number.parseFloat(getComputedStyle(anchor ?? textElement ?? element).fontSize) || 14,
        ground: Mark.groundOf(anchor ?? element),
      }));
      live.forEach((entry, at) => {
        entry.gauge ??= createMark(entry);
        // Without text there is nothing to say, whatever the companion answers.
        const score = entry.item.text === "" ? null : entry.score;
        Mark.draw(entry.gauge, { ...entry, score, mode, fade, ...surroundings[at] });
        Card.update(entry.gauge.host, { score, exemptId: entry.exemptId });
      });
      const fresh = live.filter((entry) => !entry.placed);
      const placed = new Set(Place.attach(fresh.map(placeable)).map((mark) => mark.host));
      for (const entry of fresh) {
        entry.placed = entry.gauge !== null && placed.has(entry.gauge.host);
        entry.attempts++;
        sizes.observe(entry.element);
      }
      if (fade) Place.coverTexts(live.filter((entry) => entry.placed).map(placeable));
    }

    /** @param {Entry} entry */
    const placeable = ({ gauge, element, item: { anchor, textElement } }) => ({
      .../** @type {Gauge} */ (gauge),
      unit: element,
      anchor,
      textElement,
    });

    /** @param {Entry[]} changed */
    function adjust(changed) {
      const placed = changed.filter((entry) => entry.placed && entry.gauge?.host.isConnected);
      const homeless = new Set(Place.adjust(placed.map(placeable)).map((mark) => mark.host));
      for (const entry of placed) if (entry.gauge && homeless.has(entry.gauge.host)) redraw(entry);
      if (look().fade) Place.coverTexts(placed.filter((entry) => entry.placed).map(placeable));
    }

    /** The page removed our node, or its place is gone: tried again a few times, for pages re-render, but never for ever.
     * @param {Entry} entry */
    function redraw(entry) {
      remove(entry);
      if (entry.attempts < MAX_ATTEMPTS) drawLater(entry);
    }

    /** @param {Entry} entry */
    const isCardOpen = ({ gauge }) => gauge !== null && Card.isOpen(gauge.host);

    /** @param {Entry} entry */
    function remove(entry) {
      if (isCardOpen(entry)) Card.close();
      entry.gauge?.host.remove();
      entry.gauge = null;
      entry.placed = false;
    }

    /** The item left, or marks are no longer wanted. @param {Entry} entry */
    function drop(entry) {
      remove(entry);
      sizes.unobserve(entry.element);
      entry.unitSize = "";
      if (pointed === entry) pointed = null;
    }

    /** @param {Entry} entry */
    function createMark(entry) {
      const gauge = Mark.create();
      Shield.own(gauge.host, (event) => {
        if (["pointerover", "focusin"].includes(event.type)) point(entry, false);
        if (event.type !== "click") return;
        event.preventDefault();
        if (Card.isOpen(gauge.host)) Card.close({ returnFocus: true });
        else onClick(entry);
      });
      return gauge;
    }

    return { draw, adjust, redraw, drop, isCardOpen, onPointing };
  }

  return { create, MAX_ATTEMPTS };
})();
