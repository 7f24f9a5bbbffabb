// Owns what a person can read in an element: visible text in lines, emoji images as characters, labels whose letters are shuffled.

const ReadText = (() => {
  const { dom } = Find;
  const MAX_TEXT_LENGTH = 20_000;
  const MAX_NODES = 20_000; // per text: a hostile page may hold 100,000 nodes where a post is
  const MAX_DEPTH = 300;

  const BLOCKS = new Set(
    "address article aside blockquote dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main ol p pre section table tr ul".split(
      " ",
    ),
  );
  const NEVER_TEXT = new Set(
    "script style noscript template svg math textarea input select option button iframe video audio canvas".split(
      " ",
    ),
  );

  /** @param {string} text */
  function clean(text) {
    return text
      .replace(/(?![\n\t\r])\p{Cc}|\u00ad|\u034f|\u200b|\u2060|\ufeff|\ufffe|\uffff/gu, "")
      .replace(/[\t\r \u00a0]+/g, " ")
      .replace(/ ?\n[ \n]*/g, "\n")
      .replace(/^[ \n]+|[ \n]+$/g, "");
  }

  /** The first 20,000 UTF-16 units, never half a grapheme. @param {string} text */
  function cut(text) {
    if (text.length <= MAX_TEXT_LENGTH) return text;
    const from = MAX_TEXT_LENGTH - 1024;
    let end = MAX_TEXT_LENGTH;
    for (const { index } of new Intl.Segmenter("und", { granularity: "grapheme" }).segment(
      text.slice(from, MAX_TEXT_LENGTH + 64),
    ))
      if (index > 0 && from + index <= MAX_TEXT_LENGTH) end = from + index;
    if (/[\ud800-\udbff]/.test(text[end - 1])) end -= 1;
    return text.slice(0, end).trimEnd();
  }

  /** An emoji drawn as an image carries it in alt; a picture's description has letters. @param {Element} image */
  function emojiOf(image) {
    const alt = dom.attribute(image, "alt") ?? "";
    if (alt.length === 0 || alt.length > 40) return "";
    return /emoji/.test(dom.attribute(image, "src") ?? "") || (alt.length <= 16 && !/\p{L}/u.test(alt))
      ? alt
      : "";
  }

  /** @param {Element} element @returns {Map<string, string>} */
  function inlineStyle(element) {
    const declarations = new Map();
    for (const part of (dom.attribute(element, "style") ?? "").slice(0, 2000).toLowerCase().split(";")) {
      const colon = part.indexOf(":");
      if (colon > 0)
        declarations.set(
          part.slice(0, colon).trim(),
          part
            .slice(colon + 1)
            .replace("!important", "")
            .trim(),
        );
    }
    return declarations;
  }
  const isZero = (/** @type {string|undefined} */ value) =>
    value !== undefined && /^0+(\.0*)?[a-z%]*$/.test(value);

  /** @param {Element} element @param {boolean} layout @param {Element} root */
  function isHidden(element, layout, root) {
    if (dom.attribute(element, "hidden") !== null) return true;
    if (layout) {
      const style = getComputedStyle(element);
      if (style.display === "none" || Number(style.opacity) < 0.05) return true;
      if (style.position !== "absolute" && style.position !== "fixed") return false;
      const box = dom.rect(element);
      if (/rect\(0|rect\(1px, 1px, 1px/.test(style.clip) || /inset\((50|100)%/.test(style.clipPath))
        return true;
      if (box.width <= 1 || box.height <= 1) return style.overflow !== "visible";
      const frame = dom.rect(root); // moved off: decoys stand outside the box of the text they are in
      return (
        box.right <= frame.left ||
        box.left >= frame.right ||
        box.bottom <= frame.top ||
        box.top >= frame.bottom
      );
    }
    const style = inlineStyle(element);
    if (style.size === 0) return false;
    if (style.get("display") === "none" || isZero(style.get("opacity"))) return true;
    return (
      /absolute|fixed/.test(style.get("position") ?? "") &&
      /^-?\d{3,}|^\d+em/.test(style.get("left") ?? style.get("top") ?? "")
    );
  }

  /** Whether text directly in the element cannot be seen. @param {Element} element @param {boolean} layout @param {Element} root */
  function isMute(element, layout, root) {
    if (!layout) {
      const style = inlineStyle(element);
      return /hidden|collapse/.test(style.get("visibility") ?? "") || isZero(style.get("font-size"));
    }
    const style = getComputedStyle(element);
    if (style.visibility !== "visible" || Number.parseFloat(style.fontSize) < 2) return true;
    if (/, 0\)$/.test(style.color) && style.color.startsWith("rgba"))
      return style.getPropertyValue("-webkit-text-fill-color") === style.color;
    // Ink in the colour of the paper, but only where it differs from the rest of the text: paper may be a picture.
    return (
      element !== root && style.color !== getComputedStyle(root).color && style.color === paperOf(element)
    );
  }
  /** @param {Element} element */
  function paperOf(element) {
    for (let at = element, depth = 0; at && depth < 40; at = dom.parent(at), depth++) {
      const style = getComputedStyle(at);
      if (style.backgroundImage !== "none") return null;
      if (!/^rgba\(.*, 0\)$|^transparent$/.test(style.backgroundColor)) return style.backgroundColor;
    }
    return "rgb(255, 255, 255)";
  }

  /** What a person can read in some elements, by the conventions in tests/replicas/README.md.
   * @param {Element[]} roots @param {{layout: boolean, cut?: string, bars?: Set<Element>[]}} options */
  function textOf(roots, { layout, cut: cutSelector = "", bars = [] }) {
    /** @type {string[]} */
    const out = [];
    let length = 0;
    let nodes = 0;
    /** @type {Element} */
    let root;
    /** @param {string} piece */
    const push = (piece) => {
      out.push(piece);
      length += piece.length;
    };
    /** @param {Element} element @param {number} depth */
    const walk = (element, depth) => {
      const name = dom.name(element);
      if (name === "br") return push("\n");
      if (name === "img") return push(emojiOf(element));
      if (NEVER_TEXT.has(name) || depth > MAX_DEPTH || bars.some((bar) => bar.has(element))) return;
      if (
        element !== root &&
        ((cutSelector && dom.matches(element, cutSelector)) || isHidden(element, layout, root))
      )
        return;
      const block = BLOCKS.has(name);
      if (block) push("\n");
      /** @type {boolean|null} */
      let mute = null;
      for (
        let node = dom.first(element);
        node && nodes < MAX_NODES && length < 3 * MAX_TEXT_LENGTH;
        node = dom.next(node)
      ) {
        nodes++;
        const type = dom.type(node);
        if (type === 1) walk(node, depth + 1);
        else if (type === 3) {
          const value = dom.value(node);
          if (value === "") continue;
          mute ??= isMute(element, layout, root);
          if (!mute)
            push(
              (layout && keepsLines(element) ? value : value.replace(/[\t\n\f\r]+/g, " ")).slice(
                0,
                3 * MAX_TEXT_LENGTH,
              ),
            );
        }
      }
      if (block) push("\n");
    };
    for (root of roots) {
      walk(root, 0);
      push("\n");
    }
    return cut(clean(out.join("")));
  }
  /** @param {Element} element */
  const keepsLines = (element) => /^(pre|break-spaces)/.test(getComputedStyle(element).whiteSpace);

  /** The text of a label whose letters may be shuffled, be elsewhere, or drawn. @param {Element} element */
  function labelsOf(element) {
    const labels = [];
    const document = dom.document(element);
    for (const holder of [element, ...dom.all(element, "[aria-labelledby], use")].slice(0, 20)) {
      const reference =
        dom.attribute(holder, "aria-labelledby") ??
        dom.attribute(holder, "href") ??
        dom.attribute(holder, "xlink:href") ??
        "";
      for (const id of reference.split(/\s+/).slice(0, 4)) {
        const target = id ? dom.byId(document, id.replace(/^#/, "")) : null;
        if (target && !dom.contains(target, element)) labels.push(clean(dom.text(target).slice(0, 200)));
      }
    }
    const letters = dom.all(element, "span").filter((span) => dom.all(span, "*").length === 0);
    if (letters.length > 2 && letters.length < 200) {
      const shown = letters
        .map((letter) => ({ letter, style: inlineStyle(letter) }))
        .filter(
          ({ style }) =>
            !/absolute|fixed/.test(style.get("position") ?? "") && style.get("display") !== "none",
        );
      shown.sort((a, b) => Number(a.style.get("order") ?? 0) - Number(b.style.get("order") ?? 0));
      labels.push(clean(shown.map(({ letter }) => dom.text(letter)).join("")));
    }
    labels.push(clean(dom.text(element).slice(0, 200)));
    return labels;
  }

  return { textOf, clean, labelsOf };
})();
