// Owns how a site rule finds things on a page: DOM access a page cannot clobber, patterns, units and what belongs to them.

/**
 * @typedef {{select?: string[], attribute?: string, query?: string, decode?: string, pattern?: string, value?: string, anywhere?: boolean, beside?: boolean,
 *   within?: string[]}} ValueRecipe
 * @typedef {{name: string, kind: "post"|"comment", match: string[], key?: {attributes: string[], pattern: string}, header?: string[], without?: string[],
 *   evidence: string[][], quoted?: {select: string[], skip?: number, containing?: string[], before?: string[], after?: string[]}[],
 *   id: ValueRecipe[], author: any[], text: any[], parent?: {preceding: boolean, recipes: ValueRecipe[]}, reply?: any, mine?: any[], sponsored?: any[], liked?: any[]}} UnitRule
 * @typedef {{site: string, hosts: string[], skipPaths?: string[], skip: string[], hidden: string[], profile: string[], words: Record<string, string[]>,
 *   fold?: string[][], snowflake?: boolean, fallback?: boolean, own?: boolean, me: any, units: UnitRule[], signs: string[],
 *   composer?: {editor: string[], never: string[], within?: string[], list?: string[], box?: string[]}}} Rules
 * @typedef {{rule: UnitRule, match: string, index: number, slow: number}} Unit `slow`: passes in a row that took too long
 * @typedef {{unit: Unit, element: Element, nested: Set<Element>, quoted: Set<Element>, site: Site}} Scope
 * @typedef {{rules: Rules, units: Unit[], all: string, skip: string, hidden: string}} Site
 */
const Find = (() => {
  // A form's named controls shadow its properties (<input name=parentNode>), in isolated worlds too.
  // So every access goes through the prototype's own getter or method.
  /** @param {object} prototype @param {string} name @returns {(target: any) => any} */
  const getter = (prototype, name) => {
    const get = /** @type {() => any} */ (Object.getOwnPropertyDescriptor(prototype, name)?.get);
    return (target) => Reflect.apply(get, target, []);
  };
  /** @param {any} prototype @param {string} name @returns {(target: any, ...rest: any[]) => any} */
  const method = (prototype, name) => {
    const call = prototype[name];
    return (target, ...rest) => Reflect.apply(call, target, rest);
  };

  const dom = {
    type: getter(Node.prototype, "nodeType"),
    parent: getter(Node.prototype, "parentElement"),
    first: getter(Node.prototype, "firstChild"),
    next: getter(Node.prototype, "nextSibling"),
    previous: getter(Element.prototype, "previousElementSibling"),
    value: getter(Node.prototype, "nodeValue"),
    text: getter(Node.prototype, "textContent"),
    document: getter(Node.prototype, "ownerDocument"),
    contains: method(Node.prototype, "contains"),
    position: method(Node.prototype, "compareDocumentPosition"),
    name: getter(Element.prototype, "localName"),
    attribute: method(Element.prototype, "getAttribute"),
    attributeNames: method(Element.prototype, "getAttributeNames"),
    matches: method(Element.prototype, "matches"),
    closest: method(Element.prototype, "closest"),
    rect: method(Element.prototype, "getBoundingClientRect"),
    byId: method(Document.prototype, "getElementById"),
    /** @param {any} root @param {string} selector @returns {Element[]} */
    all(root, selector) {
      if (selector === "") return [];
      const proto =
        dom.type(root) === 9
          ? Document.prototype
          : dom.type(root) === 11
            ? DocumentFragment.prototype
            : Element.prototype;
      return Array.from(Reflect.apply(proto.querySelectorAll, root, [selector]));
    },
  };

  // Limits on what one unit may make the reader do; a real post stays far below them.
  const MAX_HITS = 2000;
  const MAX_QUOTES = 20;
  const SLOW_MS = 20;
  const SLOW_PASSES = 3;

  // Patterns are literals with named classes, never regular expressions: {class} is matched, <class> is kept.
  // Every class is bounded, so that no rule file can make a match slow. PageReader.cs holds the same table.
  /** @type {Record<string, string>} */
  const CLASSES = {
    digits: "[0-9]{1,25}",
    token: "[A-Za-z0-9_-]{43}",
    prefix: "[a-z][A-Za-z0-9_-]{0,60}",
    base64: "[A-Za-z0-9+/_=-]{2,400}",
    slug: "[^/?#&\\s]{1,200}",
    id: "[A-Za-z0-9_-]{1,200}",
    any: "[^\\s]{1,300}",
    json: '(?:[^"\\\\]|\\\\.){1,200}',
  };
  /** @type {Map<string, RegExp>} */
  const compiledPatterns = new Map();
  /** @param {string} pattern */
  function compilePattern(pattern) {
    let compiled = compiledPatterns.get(pattern);
    if (compiled) return compiled;
    let source = "";
    for (const part of pattern.split(/(\{[a-z0-9]+\}|<[a-z0-9]+>|^\^|\$$)/)) {
      const name = part.slice(1, -1);
      if (part === "^" || part === "$") source += part;
      else if (/^\{.+\}$/.test(part) && CLASSES[name]) source += CLASSES[name];
      else if (/^<.+>$/.test(part) && CLASSES[name]) source += `(${CLASSES[name]})`;
      else source += part.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
    }
    compiled = new RegExp(source);
    compiledPatterns.set(pattern, compiled);
    return compiled;
  }
  /** What the pattern keeps of the text, or null. @param {string} text @param {string} pattern @returns {string|null} */
  function capture(text, pattern) {
    const hit = compilePattern(pattern).exec(text.length > 4000 ? text.slice(0, 4000) : text);
    return hit ? (hit[1] ?? hit[0]) : null;
  }

  /** @param {string} text */
  function percentDecode(text) {
    try {
      return decodeURIComponent(text);
    } catch {
      return text; // a stray % is the page's, and the raw text is then the best there is
    }
  }
  /** @param {string} href @param {string} name @returns {string|null} */
  function queryParameter(href, name) {
    const start = href.indexOf("?");
    if (start < 0) return null;
    for (const pair of href
      .slice(start + 1)
      .split("#")[0]
      .split("&")) {
      const equals = pair.indexOf("=");
      if (equals > 0 && pair.slice(0, equals) === name) return percentDecode(pair.slice(equals + 1));
    }
    return null;
  }

  /** @param {string} text @returns {number[]|null} */
  function fromBase64(text) {
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    /** @type {number[]} */
    const bytes = [];
    let bits = 0;
    let held = 0;
    for (const character of text.replace(/=+$/, "").replace(/-/g, "+").replace(/_/g, "/")) {
      const digit = alphabet.indexOf(character);
      if (digit < 0) return null;
      held = ((held << 6) | digit) & 0xffff;
      bits += 6;
      if (bits >= 8) {
        bits -= 8;
        bytes.push((held >> bits) & 0xff);
      }
    }
    return bytes;
  }
  /** LinkedIn writes a post's URN as a two-level protobuf: field 1 activity, 2 ugcPost; inside, field 1 a zigzag varint. @param {number[]} bytes */
  function linkedinUrn(bytes) {
    const kind = { 10: "activity", 18: "ugcPost" }[bytes[0]];
    if (!kind || bytes[1] !== bytes.length - 2 || bytes[2] !== 8 || bytes.length > 14) return null;
    let value = 0n;
    for (let at = 3; at < bytes.length; at++) value |= BigInt(bytes[at] & 0x7f) << BigInt(7 * (at - 3));
    return `urn:li:${kind}:${value / 2n}`;
  }
  /** @param {string} text @param {string} decoder @returns {string|null} */
  function decode(text, decoder) {
    const bytes = fromBase64(text);
    if (!bytes) return null;
    return decoder === "linkedin-urn" ? linkedinUrn(bytes) : String.fromCharCode(...bytes.slice(0, 400));
  }

  /** One value by a recipe from one element. @param {Element} element @param {ValueRecipe} recipe @returns {string|null} */
  function readValue(element, recipe) {
    const value = recipe.attribute ? dom.attribute(element, recipe.attribute) : dom.text(element);
    return typeof value === "string" ? valueFrom(value, recipe) : null;
  }
  /** @param {string} text @param {ValueRecipe} recipe @returns {string|null} */
  function valueFrom(text, recipe) {
    /** @type {string|null} */
    let value = text;
    if (recipe.query) value = queryParameter(value, recipe.query);
    if (value !== null && recipe.pattern && !recipe.decode) value = capture(value, recipe.pattern);
    if (value !== null && recipe.decode) {
      // The pattern comes first when it picks the encoded part out of an attribute, last when it reads the decoded text.
      const encoded = recipe.pattern && !recipe.query ? capture(value, recipe.pattern) : value;
      value = encoded === null ? null : decode(encoded, recipe.decode);
      if (value !== null && recipe.pattern && recipe.query) value = capture(value, recipe.pattern);
    }
    if (value === null || value === "") return null;
    return recipe.value ? recipe.value.replace("*", () => /** @type {string} */ (value)) : value;
  }

  /** @type {WeakMap<object, Site>} */
  const sites = new WeakMap();
  /** @param {Rules} rules @returns {Site} */
  function compile(rules) {
    let site = sites.get(rules);
    if (!site) {
      const units = rules.units.map((rule, index) => ({ rule, match: rule.match.join(","), index, slow: 0 }));
      site = {
        rules,
        units,
        all: units.map((unit) => unit.match).join(","),
        skip: rules.skip.join(","),
        hidden: rules.hidden.join(","),
      };
      sites.set(rules, site);
      if (rules.own)
        for (const unit of units)
          for (let pass = 0; pass < SLOW_PASSES; pass++)
            timed(unit, rules, () => dom.all(document, unit.match));
    }
    return site;
  }

  /** Runs one pass of a rule. One of the user's own that is too slow three times in a row is switched off on this page: ours are
   * measured before they are shipped. @template T @param {Unit} unit @param {Rules} rules @param {() => T} pass @returns {T} */
  function timed(unit, rules, pass) {
    if (!rules.own) return pass();
    const start = performance.now();
    const result = pass();
    unit.slow = unit.slow >= SLOW_PASSES || performance.now() - start > SLOW_MS ? unit.slow + 1 : 0;
    if (unit.slow === SLOW_PASSES)
      console.warn(`Soundings: the rule "${unit.rule.name}" is too slow for this page and was switched off`);
    return result;
  }

  /** Rules that were switched off on this page. @param {Rules} rules */
  const tooSlow = (rules) =>
    compile(rules)
      .units.filter(isOff)
      .map(({ rule }) => rule.name);
  const isOff = (/** @type {Unit} */ unit) => unit.slow >= SLOW_PASSES;

  /** @param {Element} element @param {Unit} unit @returns {string|null} */
  function keyOf(element, unit) {
    const { attributes, pattern } = /** @type {{attributes: string[], pattern: string}} */ (unit.rule.key);
    for (const name of attributes) {
      const value = dom.attribute(element, name);
      const key = value === null ? null : capture(value, pattern);
      if (key !== null) return key;
    }
    return null;
  }

  /** Whether the element is itself a unit of this rule, and not a wrapper or an inner twin of one. @param {Element} element @param {Unit} unit */
  function stands(element, unit) {
    if (!dom.matches(element, unit.match)) return false;
    if (unit.rule.key) {
      const key = keyOf(element, unit);
      if (key === null) return false;
      for (let outer = dom.parent(element); outer; outer = dom.parent(outer)) {
        outer = dom.closest(outer, unit.match);
        if (!outer) break;
        if (keyOf(outer, unit) === key) return false;
      }
    }
    if (unit.rule.header) {
      const header = dom.all(element, unit.rule.header.join(","))[0];
      if (!header || dom.closest(header, unit.match) !== element) return false;
    }
    return !unit.rule.without || dom.all(element, unit.rule.without.join(",")).length === 0;
  }

  /** @param {Element} element @param {Site} site @returns {{unit: Unit, quoted: boolean}|null} */
  function classify(element, site) {
    for (const unit of site.units) {
      if (isOff(unit) || !stands(element, unit)) continue;
      return { unit, quoted: unit.rule.kind === "post" && enclosing(element, site, "post") !== null };
    }
    return null;
  }

  /** The nearest unit of a kind around an element. @param {Element} element @param {Site} site @param {string} kind @returns {Element|null} */
  function enclosing(element, site, kind) {
    for (let outer = dom.parent(element); outer; outer = dom.parent(outer)) {
      outer = dom.closest(outer, site.all);
      if (!outer) return null;
      for (const unit of site.units) if (unit.rule.kind === kind && stands(outer, unit)) return outer;
    }
    return null;
  }

  /** The part of a unit that is its own: neither another unit's nor a quoted original's. @param {Element} element @param {Unit} unit @param {Site} site @returns {Scope} */
  function scopeOf(element, unit, site) {
    /** @type {Scope} */
    const scope = { unit, element, nested: new Set(dom.all(element, site.skip)), quoted: new Set(), site };
    for (const inner of dom.all(element, site.all)) {
      const found = classify(inner, site);
      if (found) (found.unit.rule.kind === "post" ? scope.quoted : scope.nested).add(inner);
    }
    for (const quote of unit.rule.quoted ?? []) {
      const hits = own(scope, quote.select).slice(quote.skip ?? 0, MAX_QUOTES);
      for (const hit of hits)
        if (!quote.containing || dom.all(hit, quote.containing.join(",")).length > 0)
          scope.quoted.add(quote.before || quote.after ? grow(scope, hit, quote) : hit);
    }
    return scope;
  }

  /** The largest block around a hit that holds nothing of the outer item. @param {Scope} scope @param {Element} hit @param {{before?: string[], after?: string[]}} quote */
  function grow(scope, hit, quote) {
    // The nearest stop on either side decides: a block that holds a farther one holds it too.
    const near = (/** @type {string[]|undefined} */ selectors, /** @type {number} */ side) =>
      dom
        .all(scope.element, (selectors ?? []).join(","))
        .slice(0, MAX_HITS)
        .filter((stop) => dom.position(hit, stop) & side && !dom.contains(stop, hit));
    const stops = [
      ...near(quote.before, Node.DOCUMENT_POSITION_PRECEDING).slice(-1),
      ...near(quote.after, Node.DOCUMENT_POSITION_FOLLOWING).slice(0, 1),
    ];
    let block = hit;
    for (let outer = dom.parent(block); outer && outer !== scope.element; outer = dom.parent(outer)) {
      if (stops.some((stop) => dom.contains(outer, stop))) break;
      block = outer;
    }
    return block;
  }

  /** @param {Scope} scope @param {Element} element @param {boolean} [anywhere] whether nested units count as well */
  function isOwn(scope, element, anywhere = false) {
    for (let at = element; at && at !== scope.element; at = dom.parent(at))
      if (scope.quoted.has(at) || (!anywhere && scope.nested.has(at))) return false;
    return true;
  }

  /** Own elements, the hits of the first selector before those of the second. @param {Scope} scope @param {string[]} selectors @param {{anywhere?: boolean, outside?: string[]}} [options] */
  function own(scope, selectors, { anywhere = false, outside } = {}) {
    const barred = outside?.join(",");
    /** @type {Element[]} */
    const hits = [];
    for (const selector of selectors)
      for (const hit of dom.all(scope.element, selector)) {
        if (hits.length >= MAX_HITS) return hits;
        if (!isOwn(scope, hit, anywhere)) continue;
        const bar = barred ? dom.closest(hit, barred) : null;
        if (!bar || bar === scope.element || !dom.contains(scope.element, bar)) hits.push(hit);
      }
    return hits;
  }

  /** Elements outside a unit that carry its key: some builds put a card's tools beside the card. @param {Scope} scope @param {ValueRecipe} recipe */
  function beside({ element, unit }, { select = [], attribute = "id" }) {
    const key = unit.rule.key ? keyOf(element, unit) : null;
    if (key === null) return [];
    return dom
      .all(dom.document(element), select.join(","))
      .filter((other) => dom.attribute(other, attribute)?.includes(key) && !dom.contains(element, other))
      .slice(0, 5);
  }

  /** All values of a list of recipes, in the recipes' order. @param {Scope} scope @param {ValueRecipe[]} recipes @returns {string[]} */
  function values(scope, recipes) {
    /** @type {string[]} */
    const found = [];
    for (const recipe of recipes) {
      // A look around the document is worth its price only where the unit itself says nothing.
      if (recipe.beside && found.length > 0) continue;
      const elements = recipe.beside
        ? beside(scope, recipe)
        : recipe.select
          ? own(scope, recipe.select, recipe)
          : [scope.element];
      for (const element of elements) {
        const value = readValue(element, recipe);
        if (value !== null && !found.includes(value)) found.push(value);
      }
    }
    return found;
  }

  return {
    dom,
    capture,
    queryParameter,
    percentDecode,
    valueFrom,
    compile,
    timed,
    tooSlow,
    classify,
    enclosing,
    scopeOf,
    isOwn,
    own,
    values,
  };
})();
