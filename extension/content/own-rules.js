// Asks this browser whether it knows the selectors of rules that did not come with the extension: only a page can tell.

const OwnRules = (() => {
  const { dom } = Find;

  const selecting = new Set(
    "match header without evidence select outside containing before after between cut below above lacks list edge loader skip hidden signs links editor never within box".split(
      " ",
    ),
  );
  /** A selector that this browser does not know; null where there is none. @param {any} value @returns {string | null} */
  function unknownSelector(value) {
    const test = document.createDocumentFragment();
    const isBad = (/** @type {string} */ selector) => {
      try {
        dom.all(test, selector);
        return false;
      } catch (error) {
        return error instanceof DOMException;
      }
    };
    for (const [name, part] of Object.entries(value)) {
      const texts = selecting.has(name) && Array.isArray(part) ? part.flat() : [];
      const bad = texts.find((one) => typeof one === "string" && isBad(one));
      if (bad) return bad;
      const inside = part && typeof part === "object" && name !== "words" ? unknownSelector(part) : null;
      if (inside) return inside;
    }
    return null;
  }

  return { unknownSelector };
})();
