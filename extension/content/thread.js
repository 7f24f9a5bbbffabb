// Owns where an item stands in a conversation: who wrote it, its ids, whether it answers a post or a comment, and which one.

const Thread = (() => {
  const { dom } = Find;
  const { clean, textOf } = ReadText;
  const RECENT_MS = 60; // within one pass over a page

  /** @param {Element} element */
  const firstLine = (element) =>
    textOf([element], { layout: false, cut: "button, [role=button]" }).split("\n")[0];
  /** @param {Element} element */
  const pressableLine = (element) => textOf([element], { layout: false }).split("\n")[0];

  /** @param {Scope} scope @returns {{name: string, element: Element}|null} */
  function authorOf(scope) {
    const hidden = scope.site.hidden;
    for (const recipe of scope.unit.rule.author) {
      for (const element of Find.own(scope, recipe.select, recipe)) {
        let name = recipe.attribute
          ? clean(dom.attribute(element, recipe.attribute) ?? "")
          : recipe.pressable
            ? pressableLine(element)
            : firstLine(element);
        if (hidden && dom.closest(element, hidden)) continue;
        if (recipe.until) {
          const end = name.indexOf(recipe.until);
          if (end <= 0) continue;
          name = name.slice(0, end).trim();
        }
        if (name) return { name: name.slice(0, 200), element };
      }
    }
    return null;
  }

  /** What was just found out about an element, or found out now. Remembered for one pass over the page, and longer where it was dear.
   * @template T @param {WeakMap<Element, {until: number, value: T}>} memory @param {Element} element @param {() => T} find @returns {T} */
  function recall(memory, element, find) {
    const began = performance.now();
    const recent = memory.get(element);
    if (recent && began < recent.until) return recent.value;
    const value = find();
    const ended = performance.now();
    memory.set(element, { until: ended + Math.max(RECENT_MS, 20 * (ended - began)), value });
    return value;
  }

  /** Ids of a unit, the best first. A comment asks for its post's once more. @type {WeakMap<Element, {until: number, value: string[]}>} */
  const recentIds = new WeakMap();
  /** @param {Element} element @param {Unit} unit @param {Site} site @param {Scope} [scope] */
  function idsOf(element, unit, site, scope) {
    if (scope) recentIds.delete(element);
    return recall(recentIds, element, () =>
      Find.values(scope ?? Find.scopeOf(element, unit, site), unit.rule.id),
    );
  }
  /** @param {Element} element @param {Site} site */
  function idOf(element, site) {
    const found = Find.classify(element, site);
    return found ? (idsOf(element, found.unit, site)[0] ?? null) : null;
  }

  /** @param {Scope} scope @returns {Element|null} */
  function postOf({ element, site, unit }) {
    const around = Find.enclosing(element, site, "post");
    if (around || !unit.rule.parent?.preceding) return around;
    let last = null;
    for (const other of dom.all(dom.document(element), site.all)) {
      if (!(dom.position(other, element) & Node.DOCUMENT_POSITION_FOLLOWING)) break;
      const found = Find.classify(other, site);
      if (found && !found.quoted && found.unit.rule.kind === "post") last = other;
    }
    return last;
  }

  /** @param {Scope} scope @param {string} text @param {ReadContext} context @returns {{kind: string, parentId: string|null}} */
  function placeOf(scope, text, context) {
    const { unit, element, site } = scope;
    if (unit.rule.kind === "post") return { kind: "post", parentId: null };
    for (const test of unit.rule.reply ?? []) {
      if (test.nested) {
        const outer = Find.enclosing(element, site, "comment");
        if (outer) return { kind: "reply", parentId: idOf(outer, site) };
      } else if (test.parent) {
        if (Find.values(scope, [test.when]).length > 0)
          return { kind: "reply", parentId: Find.values(scope, [test.parent])[0] ?? null };
      } else {
        const answered = context.layout
          ? answeredByIndent(scope, test, text)
          : answeredByGuess(scope, test, text);
        if (answered) return { kind: "reply", parentId: answered === element ? null : idOf(answered, site) };
      }
    }
    const post = postOf(scope);
    if (post) return { kind: "comment", parentId: idOf(post, site) };
    return { kind: "comment", parentId: Find.values(scope, unit.rule.parent?.recipes ?? [])[0] ?? null };
  }

  /** @type {WeakMap<Element, {until: number, value: Element[]}>} */
  const recentPeers = new WeakMap();
  /** The units of one list of comments. @param {Scope} scope @param {any} test @returns {Element[]} */
  function peersOf({ element, unit, site }, test) {
    const list = listOf(element, test);
    const find = () => dom.all(list, unit.match).filter((peer) => Find.classify(peer, site)?.unit === unit);
    const peers = recall(recentPeers, list, find);
    if (peers.includes(element)) return peers;
    recentPeers.delete(list);
    return recall(recentPeers, list, find);
  }
  /** @param {Element} element @param {any} test @returns {Element} */
  const listOf = (element, test) =>
    dom.closest(element, test.list.join(",")) ?? dom.parent(element) ?? element;

  /** @type {WeakMap<Element, {until: number, value: (number|null)[]}>} */
  const recentStarts = new WeakMap();
  /** Where a unit begins in reading direction, in pixels; null while it has no box. @param {Element} unit @param {string} edge @returns {number|null} */
  function startOf(unit, edge) {
    const box = dom
      .all(unit, edge)
      .map((element) => dom.rect(element))
      .find((rect) => rect.width > 0);
    if (!box) return null;
    return getComputedStyle(unit).direction === "rtl" ? -box.right : box.left;
  }
  /** Where the words begin in a unit that has no picture at all: what stands in place of a deleted comment. @param {Element} unit @param {string} edge */
  function leafStartOf(unit, edge) {
    if (dom.all(unit, edge).length > 0) return null;
    return startOf(unit, ":not(:has(*))");
  }
  /** The comment an indented one answers: the nearest before it that stands at the margin. @param {Scope} scope @param {any} test @param {string} text @returns {Element|null} */
  function answeredByIndent(scope, test, text) {
    const peers = peersOf(scope, test);
    const list = listOf(scope.element, test);
    const measure = () => peers.map((peer) => startOf(peer, test.edge.join(",")));
    let starts = recall(recentStarts, list, measure);
    if (starts.length !== peers.length) {
      recentStarts.delete(list);
      starts = recall(recentStarts, list, measure);
    }
    const at = peers.indexOf(scope.element);
    const start = starts[at] ?? null;
    if (start === null) return answeredByGuess(scope, test, text);
    let margin = start;
    for (const other of starts) if (other !== null && other < margin) margin = other;
    margin += test.minimum;
    if (start < margin) {
      // Right-to-left styles that still indent at the left: no picture moves, so other signs must do.
      const flat = starts.every((other) => other === null || other < margin);
      const isMirrored = getComputedStyle(scope.element).direction === "rtl";
      return flat && isMirrored ? answeredByGuess(scope, test, text) : null;
    }
    for (let before = at - 1; before >= 0; before--) {
      const other = starts[before] ?? leafStartOf(peers[before], test.edge.join(","));
      if (other !== null && other < margin) return peers[before];
    }
    return scope.element; // a reply whose comment is not on the page
  }

  /** Without layout: replies carry one more class than the first comment, stand after a loader of replies, or open with a name from the thread.
   * @param {Scope} scope @param {any} test @param {string} text @returns {Element|null} */
  function answeredByGuess(scope, test, text) {
    const peers = peersOf(scope, test);
    const at = peers.indexOf(scope.element);
    const classes = peers.map(
      (peer) => new Set((dom.attribute(peer, "class") ?? "").split(/\s+/).filter(Boolean)),
    );
    const isIndented = (/** @type {number} */ index) =>
      classes[index].size > classes[0].size && [...classes[0]].every((name) => classes[index].has(name));
    if (peers.some((_, index) => isIndented(index))) {
      if (!isIndented(at)) return null;
      for (let before = at - 1; before >= 0; before--) if (!isIndented(before)) return peers[before];
      return null;
    }
    if (at < 1) return null;
    const loader = dom
      .all(listOf(scope.element, test), test.loader.join(","))
      .filter((element) => dom.position(element, scope.element) & Node.DOCUMENT_POSITION_FOLLOWING)
      .pop();
    if (loader && dom.position(peers[at - 1], loader) & Node.DOCUMENT_POSITION_FOLLOWING)
      return peers[at - 1];
    const previous = authorOf(Find.scopeOf(peers[at - 1], scope.unit, scope.site));
    if (!previous || !text.startsWith(previous.name)) return null;
    const before = answeredByGuess(Find.scopeOf(peers[at - 1], scope.unit, scope.site), test, "");
    return before ?? peers[at - 1];
  }

  return { authorOf, idsOf, placeOf };
})();
