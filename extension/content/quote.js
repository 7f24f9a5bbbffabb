// Finds the words of a piece of evidence in the page and covers them with rectangles of our own: the page's text is never wrapped,
// and no registry the page could read (CSS.highlights) names them.

const Quote = (() => {
  /** Characters a reader drops or folds: spaces and invisible ones. */
  const skipped = /\s|\u00a0|\u034f|\u200b|\u2060|\ufeff|\u00ad/;

  /** @param {string} piece */
  const bare = (piece) => [...piece].filter((one) => !skipped.test(one)).join("");

  /** The read text and the page's nodes agree once spaces are left out.
   * @param {Element} element @param {string} text @param {{start: number, length: number}} span @returns {Range | null} */
  function rangeOf(element, text, span) {
    const wanted = bare(text.slice(span.start, span.start + span.length));
    if (!wanted) return null;
    /** @type {[Text, number][]} */
    const places = [];
    let page = "";
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const data = /** @type {Text} */ (node).data;
      for (let at = 0; at < data.length; at++)
        if (!skipped.test(data[at])) {
          places.push([/** @type {Text} */ (node), at]);
          page += data[at];
        }
    }
    // The same words may stand there twice: take those nearest to where they were read.
    const expected = bare(text.slice(0, span.start)).length;
    const found = [page.indexOf(wanted, Math.max(0, expected - 20)), page.indexOf(wanted)].find(
      (at) => at >= 0,
    );
    if (found === undefined) return null;
    const range = document.createRange();
    const [first, last] = [places[found], places[found + wanted.length - 1]];
    range.setStart(first[0], first[1]);
    range.setEnd(last[0], last[1] + 1);
    return range;
  }

  /** One rectangle a line, in viewport pixels. @param {Element} element @param {string} text
   * @param {{start: number, length: number}} span @returns {HTMLElement[]} */
  function over(element, text, span) {
    return [...(rangeOf(element, text, span)?.getClientRects() ?? [])].map(({ left, top, width, height }) => {
      const flash = document.createElement("span");
      flash.className = "flash";
      Object.assign(flash.style, {
        left: `${left}px`,
        top: `${top}px`,
        width: `${width}px`,
        height: `${height}px`,
      });
      return flash;
    });
  }

  return { over };
})();
