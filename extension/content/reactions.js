// Notes the likes one gives: an item whose own button turns on just after one pressed something. Nothing is ever clicked for.

const Reactions = (() => {
  /** A site shows a like as given within this time, ms. What turns on later turned on by itself. */
  const FRESH_MS = 5_000;
  let pressedAt = Number.NEGATIVE_INFINITY;

  Shield.watch(({ type }) => {
    if (type === "click" || type === "keyup") pressedAt = performance.now();
  });

  return {
    /** @param {string} key the item's @param {(message: object) => Promise<unknown>} tell */
    note(key, tell) {
      if (performance.now() - pressedAt < FRESH_MS)
        void tell({ kind: "reaction", id: key, at: new Date().toISOString() });
    },
  };
})();
