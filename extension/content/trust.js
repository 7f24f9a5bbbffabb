// Decides whether a click on a label was seen by the person who made it: nothing over the card, nothing hiding it, time to read.

const Trust = (() => {
  /** A card younger than this, or moved within it, cannot have been read, ms. */
  const SETTLE_MS = 600;
  /** Ancestors together may not make the card fainter than this. */
  const LEAST_OPACITY = 0.9;

  /** The smallest control of the card, px; less means the page zoomed it away. */
  const LEAST_BUTTON_PX = { width: 22, height: 14 };

  /** What would hide or disguise the card, or null. @param {HTMLElement} host in the top layer @param {Element} button
   * @returns {string | null} */
  function hiddenBy(host, button) {
    if (!host.isConnected || !host.matches(":popover-open")) return "the card is not open";
    let opacity = 1;
    /** @type {Element | null} */
    let at = host;
    for (; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      opacity *= Number(style.opacity);
      if (style.visibility !== "visible") return "the page hides the card";
      if (style.filter !== "none" || style.mixBlendMode !== "normal") return "the page colours over the card";
      if (style.clipPath !== "none" || style.maskImage !== "none") return "the page cuts the card";
      if (style.transform !== "none" || style.scale !== "none" || style.rotate !== "none")
        return "the page bends the card";
    }
    if (opacity < LEAST_OPACITY) return "the page makes the card see-through";
    const { left, top, width, height } = button.getBoundingClientRect();
    if (width < LEAST_BUTTON_PX.width || height < LEAST_BUTTON_PX.height) return "the page shrinks the card";
    const points = [
      [0.5, 0.5],
      [0.08, 0.15],
      [0.92, 0.15],
      [0.08, 0.85],
      [0.92, 0.85],
    ];
    const covered = points.some(
      ([x, y]) => document.elementFromPoint(left + width * x, top + height * y) !== host,
    );
    return covered ? "something lies over the button" : null;
  }

  /** Watches a card while it is open, and says for a click why it does not count (null: it does).
   * @param {HTMLElement} host @param {HTMLElement} card */
  function watch(host, card) {
    let settledFrom = performance.now();
    let lastPlace = "";
    /** What Chromium's own visibility tracking says; null where there is none (Firefox). @type {boolean | null} */
    let visible = null;
    const observer = trackVisibility((isVisible) => {
      visible = isVisible;
    });
    observer?.observe(card);

    const place = () => {
      const { left, top, width, height } = card.getBoundingClientRect();
      return [left, top, width, height].map(Math.round).join();
    };
    lastPlace = place();

    return {
      /** The card was drawn anew where it stands: no reason to wait again. */
      redrawn: () => {
        lastPlace = place();
      },
      /** Something may have come to lie over the card: it must be read anew. */
      disturbed: () => {
        settledFrom = performance.now();
      },
      isSettled: () => performance.now() - settledFrom >= SETTLE_MS,
      /** @param {Element} button @returns {string | null} */
      objection: (button) => {
        const now = place();
        if (now !== lastPlace) {
          lastPlace = now;
          settledFrom = performance.now();
        }
        if (performance.now() - settledFrom < SETTLE_MS) return "the card had only just appeared or moved";
        if (visible === false) return "something lies over the card";
        return hiddenBy(host, button);
      },
      stop: () => observer?.disconnect(),
    };
  }

  /** @param {(isVisible: boolean) => void} heard @returns {IntersectionObserver | null} */
  function trackVisibility(heard) {
    if (!("isVisible" in IntersectionObserverEntry.prototype)) return null;
    const options = { trackVisibility: true, delay: 100, threshold: [0, 0.5, 0.99] };
    return new IntersectionObserver((entries) => {
      const last = /** @type {IntersectionObserverEntry & {isVisible: boolean}} */ (entries.at(-1));
      heard(last.isVisible && last.intersectionRatio >= 0.99);
    }, options);
  }

  return { watch };
})();
