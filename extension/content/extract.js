// Owns what an item is: turns a unit that Find recognised into {key, kind, id, author, text, parent, flags}. Reads only, never writes to the page.

/**
 * @typedef {{url: string, me?: {name?: string, id?: string, slug?: string}, layout: boolean}} ReadContext
 * @typedef {{key: string, kind: string, id: string|null, altIds: string[], author: string, authorUrl: string|null, text: string,
 *   parentId: string|null, parentKey: string|null, mine: boolean, sponsored: boolean, liked: boolean, at?: string,
 *   element: Element, textElement: Element|null, anchor: Element|null}} ReadItem
 */
const Extract = (() => {
  const { dom } = Find;
  const MAX_BLOCKS = 200; // a text is not written in more; a hostile page may offer 100,000

  /** Two 32-bit FNV-1a hashes as one hexadecimal name; the companion's reader has the same. @param {string} text */
  function hash(text) {
    let a = 0x811c9dc5;
    let b = 0x01000193;
    for (let at = 0; at < text.length; at++) {
      a = Math.imul(a ^ text.charCodeAt(at), 0x01000193) >>> 0;
      b = Math.imul(b ^ text.charCodeAt(at), 0x85ebca6b) >>> 0;
    }
    return a.toString(16).padStart(8, "0") + b.toString(16).padStart(8, "0");
  }

  /** @param {Rules} rules @param {string} id */
  function fold(rules, id) {
    for (const [from, to] of rules.fold ?? []) id = id.replace(from, () => to);
    return id;
  }
  /** Ids of pages that mark themselves up are a page's own: two blogs both have a comment 12. @param {Rules} rules @param {string} url */
  function prefixOf(rules, url) {
    if (!rules.fallback) return `${rules.site}:`;
    const { host, pathname } = new URL(url);
    return `${rules.site}:${host}${pathname}:`;
  }
  /** @param {Rules} rules @param {string} url @param {string|null} id @param {string} kind @param {string} author @param {string} text */
  const keyOf = (rules, url, id, kind, author, text) =>
    prefixOf(rules, url) + (id === null ? `#${hash(`${kind}\n${author}\n${text}`)}` : fold(rules, id));

  /** @param {Scope} scope @param {Element} author @param {boolean} layout @returns {{text: string, element: Element|null}} */
  function bodyOf(scope, author, layout) {
    const bars = [scope.nested, scope.quoted];
    for (const recipe of scope.unit.rule.text) {
      const cutSelector = [...(recipe.cut ?? []), scope.site.hidden].filter(Boolean).join(",");
      let elements = recipe.between ? between(scope, recipe.between) : Find.own(scope, recipe.select, recipe);
      elements = elements
        .filter((element) => !dom.contains(element, author) && !dom.contains(author, element))
        .slice(0, MAX_BLOCKS);
      if (recipe.below) {
        const marks = Find.own(scope, recipe.below);
        elements = elements.filter((element) => marks.some((mark) => precedes(mark, element)));
      }
      if (recipe.above) {
        const marks = Find.own(scope, recipe.above);
        elements = elements.filter((element) => !marks.some((mark) => precedes(mark, element)));
      }
      if (!recipe.all && !recipe.between) elements = elements.slice(0, 1);
      else
        elements = elements.filter(
          (element) => !elements.some((other) => other !== element && dom.contains(other, element)),
        );
      if (elements.length === 0) continue;
      const text = ReadText.textOf(elements, { layout, cut: cutSelector, bars });
      if (text || !recipe.between) return { text, element: elements[0] };
    }
    return { text: "", element: null };
  }
  /** Whether one element starts before another and does not hold it. @param {Element} first @param {Element} second */
  const precedes = (first, second) =>
    Boolean(dom.position(first, second) & Node.DOCUMENT_POSITION_FOLLOWING) && !dom.contains(first, second);

  /** The blocks that stand between an item's header and its controls. @param {Scope} scope @param {string[]} ends @returns {Element[]} */
  function between(scope, [above, below]) {
    const head = Find.own(scope, [above])[0];
    const foot =
      head &&
      Find.own(scope, [below]).find(
        (element) =>
          dom.position(head, element) & Node.DOCUMENT_POSITION_FOLLOWING && !dom.contains(head, element),
      );
    if (!foot) return [];
    let top = head;
    while (top && !dom.contains(dom.parent(top), foot)) top = dom.parent(top);
    /** @type {Element[]} */
    const blocks = [];
    for (let node = dom.next(top); node && !dom.contains(node, foot); node = dom.next(node))
      if (dom.type(node) === 1) blocks.push(node);
    return blocks;
  }

  /** @param {string} text @param {string[]} words */
  const isWord = (text, words) => text !== "" && words.includes(text.toLowerCase());

  /** @param {Scope} scope @param {any} test @param {{author: string, profile: string|null, me: any, names: string[], labels: string[]}} who */
  function holds(scope, test, who) {
    if (test.me) return Person.isMe(who);
    const hits = Find.own(scope, test.select, test);
    if (test.lacks)
      return (
        hits.length > 0 &&
        Find.own(scope, test.lacks).length === 0 &&
        !(test.digitless && hits.some((hit) => /\p{Nd}/u.test(dom.text(hit))))
      );
    if (!test.words) return hits.length > 0;
    const words = scope.site.rules.words[test.words];
    return hits.slice(0, 60).some((hit) => {
      if (test.label) return ReadText.labelsOf(hit).some((label) => isWord(label, words));
      let text = ReadText.clean(
        (test.attribute ? (dom.attribute(hit, test.attribute) ?? "") : dom.text(hit)).slice(0, 300),
      );
      if (test.after) {
        const at = text.indexOf(test.after);
        if (at < 0) return false;
        text = text.slice(at + test.after.length).trim();
      }
      return isWord(text, words) || isWord(text.split(" • ")[0], words);
    });
  }

  /** @param {Rules} rules @param {string} url */
  function isSkipped(rules, url) {
    const path = /^https?:\/\/[^/]+(\/[^?#]*)/.exec(url)?.[1] ?? "/";
    return (rules.skipPaths ?? []).some((prefix) => path.startsWith(prefix));
  }

  /** When an id was made, where the site's ids hold it. @param {Rules} rules @param {string|null} id */
  function madeAt(rules, id) {
    const digits = rules.snowflake && id ? /(\d{16,20})\)?$/.exec(id)?.[1] : undefined;
    const time = digits ? Number(BigInt(digits) >> 22n) : 0;
    return time > 1_050_000_000_000 && time < 4_000_000_000_000 ? new Date(time).toISOString() : undefined;
  }

  /** The item an element is, or null: not a unit, an inner twin of one, not rendered yet, or in a place that is never read.
   * @param {Element} element @param {Rules} rules @param {ReadContext} context @returns {ReadItem|null} */
  function readItem(element, rules, context) {
    if (isSkipped(rules, context.url)) return null;
    const site = Find.compile(rules);
    const found = Find.classify(element, site);
    if (!found || found.quoted || (site.skip && dom.closest(element, site.skip))) return null;
    return Find.timed(found.unit, rules, () => readUnit(element, found.unit, site, context));
  }

  /** @param {Element} element @param {Unit} unit @param {Site} site @param {ReadContext} context @returns {ReadItem|null} */
  function readUnit(element, unit, site, context) {
    const { rules } = site;
    const scope = Find.scopeOf(element, unit, site);
    if (
      unit.rule.evidence.some(
        (anyOf) =>
          Find.own(scope, anyOf).length === 0 && !anyOf.some((selector) => dom.matches(element, selector)),
      )
    )
      return null;
    const author = Thread.authorOf(scope);
    if (!author) return null;
    const { text, element: textElement } = bodyOf(scope, author.element, context.layout);
    const [id = null, ...altIds] = Thread.idsOf(element, unit, site, scope);
    const { kind, parentId } = Thread.placeOf(scope, text, context);
    const link = dom.closest(author.element, "a[href]") ?? Find.own(scope, ["a[href]"])[0];
    const href = link ? dom.attribute(link, "href") : null;
    const who = {
      author: author.name,
      profile: Person.profileOf(rules, href),
      ...Person.signedIn(dom.document(element), rules, context),
    };
    return {
      key: keyOf(rules, context.url, id, kind, author.name, text),
      kind,
      id,
      altIds,
      author: author.name,
      authorUrl: absolute(href, context.url),
      text,
      parentId,
      parentKey: parentId === null ? null : keyOf(rules, context.url, parentId, "", "", ""),
      mine: (unit.rule.mine ?? []).some((test) => holds(scope, test, who)),
      sponsored: (unit.rule.sponsored ?? []).some((test) => holds(scope, test, who)),
      liked: (unit.rule.liked ?? []).some((test) => holds(scope, test, who)),
      at: madeAt(rules, id),
      element,
      textElement,
      anchor: author.element,
    };
  }
  /** A profile's address without what it was decorated with. @param {string|null} href @param {string} base */
  function absolute(href, base) {
    if (!href || !URL.canParse(href, base)) return null;
    const url = new URL(href, base);
    if (url.protocol !== "https:" && url.protocol !== "http:") return null;
    const id = url.pathname.endsWith(".php") ? url.searchParams.get("id") : null;
    return url.origin + url.pathname + (id ? `?id=${encodeURIComponent(id)}` : "");
  }

  /** Whether an element is in the dialog in front: the feed behind it may hold the same item, cut short. @param {Element} element */
  const isOpened = (element) => dom.closest(element, '[role="dialog"][aria-modal="true"]') !== null;

  /** All items below a root, in document order, each once. @param {ParentNode} root @param {Rules} rules @param {ReadContext} context @returns {ReadItem[]} */
  function readAll(root, rules, context) {
    /** @type {Map<string, ReadItem>} */
    const items = new Map();
    for (const element of dom.all(root, unitSelector(rules, context))) {
      const item = readItem(element, rules, context);
      if (!item) continue;
      const twin = items.get(item.key);
      if (twin && (isOpened(twin.element) || !isOpened(element))) continue;
      items.delete(item.key);
      items.set(item.key, item);
    }
    return [...items.values()];
  }

  /** One selector that every unit matches (and some elements that readItem then refuses). @param {Rules} rules @param {{href?: string, url?: string}} place */
  function unitSelector(rules, place) {
    return isSkipped(rules, place.href ?? place.url ?? "") ? ":not(*)" : Find.compile(rules).all;
  }

  /** The unit a node belongs to, past inner twins and wrappers. @param {Node} node @param {Rules} rules @returns {Element|null} */
  function unitOf(node, rules) {
    const site = Find.compile(rules);
    for (
      let at = dom.type(node) === 1 ? /** @type {Element} */ (node) : dom.parent(node);
      at;
      at = dom.parent(at)
    ) {
      at = dom.closest(at, site.all);
      if (!at) return null;
      const found = Find.classify(at, site);
      if (found && !found.quoted) return at;
    }
    return null;
  }

  /** How many posts there seem to be, by signs the rules' units do not rest on. What was emptied or is still loading shows none.
   * @param {ParentNode} root @param {Rules} rules */
  function signs(root, rules) {
    const shows = (/** @type {Element} */ sign) =>
      dom.name(sign) === "svg" || dom.attribute(sign, "aria-label") !== null || /\S/.test(dom.text(sign));
    return Math.max(0, ...rules.signs.map((selector) => dom.all(root, selector).filter(shows).length));
  }

  const SHOWN_VALUES = new Set(
    "role dir type data-ad-rendering-role data-ad-preview data-testid data-pagelet itemprop itemtype".split(
      " ",
    ),
  );
  const MAX_OUTLINE = 4000;

  /** The bare structure of a page, to mend rules with: tags, names of attributes, roles, where text stands. No text, no names, no ids:
   * of the few values shown only plain words remain. @param {Element} root @returns {string} */
  function outline(root) {
    /** @type {string[]} */
    const lines = [];
    /** @param {Element} element @param {number} depth */
    const walk = (element, depth) => {
      if (lines.length >= MAX_OUTLINE || depth > 100) return;
      const attributes = dom.attributeNames(element).map((/** @type {string} */ name) => {
        const value = SHOWN_VALUES.has(name) ? (dom.attribute(element, name) ?? "") : "";
        // A value with a digit, or a long one, may be somebody's: only its attribute's name is shown then.
        return /^[A-Za-z][A-Za-z_:/. -]{0,39}$/.test(value) ? `${name}=${value}` : name.replace(/\d+/g, "0");
      });
      let hasText = false;
      /** @type {Element[]} */
      const children = [];
      for (let node = dom.first(element); node && children.length < 200; node = dom.next(node)) {
        if (dom.type(node) === 1) children.push(node);
        else if (dom.type(node) === 3 && /\S/.test(dom.value(node))) hasText = true;
      }
      lines.push(
        `${" ".repeat(depth)}${dom.name(element)}${attributes.length ? ` [${attributes.join(" ")}]` : ""}${hasText ? " #text" : ""}`,
      );
      for (const child of children) walk(child, depth + 1);
    };
    walk(root, 0);
    return lines.join("\n");
  }

  return { unitSelector, unitOf, readItem, readAll, signs, outline };
})();
