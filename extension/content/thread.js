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

  /** Ids of a unit, the best first. A comment asks for its post's once more, so what was just read is kept for a moment.
   * @type {WeakMap<Element, {at: number, ids: string[]}>} */
  const recentIds = new WeakMap();
  /** @param {Element} element @param {Unit} unit @param {Site} site @param {Scope} [scope] */
  function idsOf(element, unit, site, scope) {
    const now = performance.now();
    const recent = recentIds.get(element);
    if (!scope && recent && now - recent.at < RECENT_MS) return recent.ids;
    const ids = Find.values(scope ?? Find.scopeOf(element, unit, site), unit.rule.id);
    recentIds.set(element, { at: now, ids });
    return ids;
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
        const answered = context.layout ? answeredByIndent(scope, test) : answeredByGuess(scope, test, text);
        if (answered) return { kind: "reply", parentId: answered === element ? null : idOf(answered, site) };
      }
    }
    const post = postOf(scope);
    if (post) return { kind: "comment", parentId: idOf(post, site) };
    return { kind: "comment", parentId: Find.values(scope, unit.rule.parent?.recipes ?? [])[0] ?? null };
  }

  /** @param {Scope} scope @param {any} test @returns {Element[]} */
  function peersOf({ element, unit, site }, test) {
    const list = dom.closest(element, test.list.join(",")) ?? dom.parent(element);
    return dom.all(list, unit.match).filter((peer) => Find.classify(peer, site)?.unit === unit);
  }

  /** @type {WeakMap<Element, {at: number, start: number|null}>} */
  const recentStarts = new WeakMap();
  /** Where a unit begins in reading direction, in pixels; null while it has no box. @param {Element} unit @param {string} edge @returns {number|null} */
  function startOf(unit, edge) {
    const now = performance.now();
    const recent = recentStarts.get(unit);
    if (recent && now - recent.at < RECENT_MS) return recent.start;
    const box = dom
      .all(unit, edge)
      .map((element) => dom.rect(element))
      .find((rect) => rect.width > 0);
    const start = box ? (getComputedStyle(unit).direction === "rtl" ? -box.right : box.left) : null;
    recentStarts.set(unit, { at: now, start });
    return start;
  }
  /** The comment an indented one answers: the nearest before it that stands at the margin. @param {Scope} scope @param {any} test @returns {Element|null} */
  function answeredByIndent(scope, test) {
    const edge = test.edge.join(",");
    const peers = peersOf(scope, test);
    const starts = peers.map((peer) => startOf(peer, edge));
    const margin =
      Math.min(.../** @type {number[]} */ (starts.filter((start) => start !== null))) + test.minimum;
    const at = peers.indexOf(scope.element);
    const start = starts[at];
    if (start === null || start < margin) return null;
    for (let before = at - 1; before >= 0; before--) {
      const other = starts[before];
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
      .all(
        dom.closest(scope.element, test.list.join(",")) ?? dom.parent(scope.element),
        test.loader.join(","),
      )
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
