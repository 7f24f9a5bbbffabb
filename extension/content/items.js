// The items on this page: which element holds which, one element for each, and whether it still does.

const Items = (() => {
  /** @typedef {import("../protocol.js").Score} Score @typedef {import("../protocol.js").Label} Label */
  /** @typedef {import("../protocol.js").WireItem} WireItem */
  /**
   * One item on the page. `print`: what makes it this item and text; `hash`: all that its score depends on.
   * `observed`: the companion was told that it has been on screen, and may store it. `exempt`: its author is never to be marked;
   * `exemptId`: by what to take that back, where it was said here. `lifted`: the user took its veil away.
   * @typedef {{
   *   element: Element, item: ReadItem, print: string, hash: string, score: Score | null, asked: boolean,
   *   observed: boolean, wasSeen: boolean, gauge: ReturnType<typeof Mark.create> | null, placed: boolean, attempts: number,
   *   label: Label | null, labelId: string | null, exempt: boolean, exemptId: number | null, lifted: boolean, unitSize: string,
   * }} Entry
   */
  /**
   * Who hears of it: `fresh` items to score, `kept` ones whose element was read again, those that left or were liked just now, and elements to read since
   * the one that held their item is gone.
   * @typedef {{fresh: (entry: Entry) => void, kept: (entry: Entry) => void, left: (entry: Entry) => void, liked: (entry: Entry) => void,
   *   reread: (elements: Element[]) => void}} Listener
   */

  /** @param {any} rules @param {Listener} listener */
  function create(rules, listener) {
    /** @type {Map<Element, Entry>} */
    const entries = new Map();
    /** @type {Map<string, Entry>} */
    const byKey = new Map();
    /** @type {Map<string, Set<Element>>} further places of an item that is marked elsewhere, say behind a dialog */
    const elsewhere = new Map();
    /** @type {Set<Element>} units that were read and held no item yet: cards are born empty */
    const blank = new Set();

    /** @param {Element} element */
    const extract = (element) => Extract.readItem(element, rules, { url: location.href, layout: true });
    /** @param {ReadItem} item */
    const printOf = (item) => Ids.fingerprint([item.kind, item.author, item.text].join("\n\n"));
    /** @param {ReadItem} item */
    const parentText = (item) => (item.parentKey ? (byKey.get(item.parentKey)?.item.text ?? null) : null);
    /** @param {ReadItem} item */
    const hashOf = (item) => Ids.fingerprint([item.kind, item.text, parentText(item) ?? ""].join("\n\n"));

    /** Reads what an element holds now. @param {Element} element @param {boolean} wasSeen whether it has been on screen */
    function read(element, wasSeen) {
      const item = extract(element);
      const known = entries.get(element);
      if (!item) {
        drop(element);
        blank.add(element);
        return;
      }
      blank.delete(element);
      const print = printOf(item);
      // A key made from the text gives way to a real one when the page reveals it: still the same item.
      const isSame =
        known && known.print === print && (known.item.key === item.key || known.item.key.includes(":#"));
      item.mine ||= known && isSame ? known.item.mine : Draft.wrote(item);
      if (known && isSame) {
        // One that is stored keeps its first key, or it would count twice.
        const key = known.observed || byKey.has(item.key) ? known.item.key : item.key;
        if (key !== known.item.key) {
          byKey.delete(known.item.key);
          byKey.set(key, known);
        }
        if (item.liked && !known.item.liked) listener.liked(known);
        known.item = { ...item, key };
        listener.kept(known);
        return;
      }
      drop(element);
      if (!isFirst(item, element)) return;
      /** @type {Entry} */
      const entry = {
        element,
        item,
        print,
        hash: hashOf(item),
        score: null,
        asked: false,
        observed: false,
        wasSeen,
        gauge: null,
        placed: false,
        attempts: known?.item.key === item.key ? known.attempts : 0,
        label: null,
        labelId: null,
        exempt: false,
        exemptId: null,
        lifted: false,
        unitSize: "",
      };
      entries.set(element, entry);
      byKey.set(item.key, entry);
      listener.fresh(entry);
    }

    /** Whether this element is where the item is to be marked; takes the place over where it has the better claim.
     * @param {ReadItem} item @param {Element} element */
    function isFirst(item, element) {
      const other = byKey.get(item.key);
      if (!other || other.element === element) return true;
      if (!other.element.isConnected) {
        drop(other.element);
        return true;
      }
      const dialog = "[role=dialog],dialog";
      const better =
        element.contains(other.element) ||
        (element.closest(dialog) !== null && other.element.closest(dialog) === null);
      const [loser, winner] = better ? [other.element, element] : [element, other.element];
      if (better) drop(loser, { takenOver: true });
      if (!winner.contains(loser)) elsewhere.set(item.key, (elsewhere.get(item.key) ?? new Set()).add(loser));
      return better;
    }

    /** The element holds its item no longer. @param {Element} element @param {{takenOver?: boolean}} [options] */
    function drop(element, { takenOver = false } = {}) {
      blank.delete(element);
      const entry = entries.get(element);
      if (!entry) return;
      entries.delete(element);
      listener.left(entry);
      if (byKey.get(entry.item.key) !== entry) return;
      byKey.delete(entry.item.key);
      const others = elsewhere.get(entry.item.key);
      if (!others || takenOver) return;
      elsewhere.delete(entry.item.key);
      listener.reread([...others].filter((other) => other.isConnected));
    }

    return {
      read,
      drop,
      /** @param {Element} element */
      get: (element) => entries.get(element),
      /** @param {Element} element */
      isBlank: (element) => blank.has(element),
      /** @param {Entry} entry */
      isLive: (entry) => entries.get(entry.element) === entry && entry.element.isConnected,
      all: () => [...entries.values()],
      count: () => entries.size,
      /** In the order of the page. */
      inOrder: () =>
        [...entries.values()].sort((a, b) =>
          a.element.compareDocumentPosition(b.element) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1,
        ),
      /** Brings the fingerprint up to date: the parent may have been read since. @param {Entry} entry */
      refreshHash: (entry) => {
        entry.hash = hashOf(entry.item);
        return entry.hash;
      },
      /** Whether the element still shows what was scored, asked at the last moment. @param {Entry} entry */
      stillHolds: (entry) => {
        const now = entries.get(entry.element) === entry ? extract(entry.element) : null;
        return now !== null && printOf(now) === entry.print;
      },
      /** The item as it goes over the wire. @param {Entry} entry @returns {WireItem} */
      toWire: ({ item }) => {
        /** @type {WireItem} */
        const wire = {
          id: item.key,
          kind: /** @type {WireItem["kind"]} */ (item.kind),
          text: item.text,
          author: { name: item.author || null, url: item.authorUrl },
          mine: item.mine,
          sponsored: item.sponsored,
        };
        const parent = parentText(item);
        if (parent !== null) wire.parent = parent;
        if (item.parentKey) wire.parentId = item.parentKey;
        if (item.at) wire.at = item.at;
        return wire;
      },
    };
  }

  /** What a page of ours may know of one. @param {Entry} entry @returns {import("../protocol.js").InspectedItem} */
  const inspect = ({ item, score, gauge, placed, exempt }) => {
    const shown = placed && !exempt && gauge?.host.isConnected === true;
    const rect = shown ? gauge.box.getBoundingClientRect() : null;
    return {
      key: item.key,
      kind: /** @type {import("../protocol.js").Kind} */ (item.kind),
      id: item.id,
      author: item.author,
      text: item.text,
      parentId: item.parentId,
      mine: item.mine,
      sponsored: item.sponsored,
      depth: score?.depth ?? null,
      verdict: score?.verdict ?? null,
      shown,
      rect: rect && { x: rect.x, y: rect.y, width: rect.width, height: rect.height },
      labelRects: gauge && Card.labelRects(gauge.host),
    };
  };

  return { create, inspect };
})();
