// Rule files that come from the companion: checked once more, the last good ones kept, parts written out within bounds.
import assert from "node:assert/strict";
import { test } from "node:test";
import { SITES } from "../../extension/protocol.js";
import { objectionTo } from "../../extension/worker/rule-checks.js";
import { expandParts } from "../../extension/worker/rule-parts.js";
import { takeRules } from "../../extension/worker/rules.js";
import { pageOf, rulesOf, savedPages } from "./lib/pages.mjs";

/** A good file with one thing changed. @param {(rules: any) => void} [change] */
function file(change = () => undefined) {
  const rules = rulesOf("linkedin");
  change(rules);
  return rules;
}

test("The packed rules pass the checks of dropped ones, but for the fallback that names no host", () => {
  for (const site of SITES)
    assert.equal(objectionTo(rulesOf(site)), site === "web" ? "it names no host" : null, site);
});

test("Whatever is not data for reading pages is refused", () => {
  const refused = {
    "a further name": (/** @type {any} */ rules) => {
      rules.script = "alert(1)";
    },
    "a name of the language": (/** @type {any} */ rules) => {
      Object.assign(rules.units[0], { constructor: [] });
    },
    "a name that ends like a must": (/** @type {any} */ rules) => {
      rules["site!"] = "x";
    },
    "no unit": (/** @type {any} */ rules) => {
      rules.units = [];
    },
    "another format": (/** @type {any} */ rules) => {
      rules.format = 2;
    },
    "the whole page": (/** @type {any} */ rules) => {
      rules.units[0].match = ["body"];
    },
    "a style sheet": (/** @type {any} */ rules) => {
      rules.units[0].match = ["a } b { background: url(x)"];
    },
    "a private place": (/** @type {any} */ rules) => {
      rules.units[0].match = [".msg-overlay li"];
    },
    "a long selector": (/** @type {any} */ rules) => {
      rules.units[0].match = ["a".repeat(513)];
    },
    "many selectors": (/** @type {any} */ rules) => {
      rules.units[0].match = Array(41).fill("a");
    },
    "many units": (/** @type {any} */ rules) => {
      rules.units = Array(25).fill(rules.units[0]);
    },
    "a handler as attribute": (/** @type {any} */ rules) => {
      rules.units[0].id = [{ attribute: "onclick" }];
    },
    "a password": (/** @type {any} */ rules) => {
      rules.units[0].id = [{ attribute: "value" }];
    },
    "a host with a wildcard": (/** @type {any} */ rules) => {
      rules.hosts = ["*.linkedin.com"];
    },
    "a list of words that is not there": (/** @type {any} */ rules) => {
      rules.units[0].mine = [{ select: ["p"], words: "toString" }];
    },
    "a number as text": (/** @type {any} */ rules) => {
      rules.name = 7;
    },
  };
  for (const [what, change] of Object.entries(refused))
    assert.notEqual(objectionTo(file(change)), null, `${what} must be refused`);
  for (const raw of [null, 7, "x", [], [[]], {}]) assert.notEqual(objectionTo(raw), null);
});

test("A dropped file is taken, a bad one refused, and what it last said that was good stays", () => {
  const good = file((rules) => {
    rules.serial = 2100010101;
  });
  const first = takeRules({ version: "1", rules: { linkedin: good }, refused: [] }, {});
  assert.equal(first.rules.linkedin.serial, 2100010101);

  const bad = takeRules(
    { version: "2", rules: { linkedin: { ...good, evil: 1 } }, refused: [] },
    first.rules,
  );
  assert.deepEqual(bad.rules, first.rules);
  assert.match(bad.refused[0].reason, /"evil" is not known/);

  const refused = [{ file: "linkedin.json", reason: "line 3: no" }];
  const after = takeRules({ version: "3", rules: {}, refused }, first.rules);
  assert.deepEqual(after, { version: "3", rules: first.rules, refused });

  assert.deepEqual(
    takeRules({ version: "4", rules: {}, refused: [] }, first.rules).rules,
    {},
    "a removed one goes",
  );
  const other = takeRules({ version: "5", rules: { facebook: good }, refused: [] }, {});
  assert.deepEqual(other.rules, {}, "a file speaks for its own site only");
});

test("Parts are written out, and parts of parts never fill the memory", () => {
  const parts = { one: ["p"], two: ["@one", "q"], like: { a: 1, b: "@two" } };
  const written = expandParts({
    parts,
    list: [["@two"], "@one"],
    object: { "@": "like", a: 2 },
    words: { x: ["@no"] },
  });
  assert.deepEqual(written, {
    list: [["p", "q"], "p"],
    object: { a: 2, b: ["p", "q"] },
    words: { x: ["@no"] },
  });
  assert.throws(() => expandParts({ parts: { a: ["@b"], b: [] } }), /no part before here/);
  const bomb = Object.fromEntries([...Array(60).keys()].map((at) => [`p${at + 1}`, [`@p${at}`, `@p${at}`]]));
  assert.throws(() => expandParts({ parts: { p0: ["a"], ...bomb } }), /more than/);
});

test("A slow rule of the user's own is switched off on the page, a packed one never", () => {
  const saved = savedPages().find(({ name }) => name === "linkedin-classic-feed");
  assert.ok(saved);
  for (const own of [true, false]) {
    const window = pageOf(saved.html, saved.url);
    const rules = { ...rulesOf("linkedin"), own };
    let clock = 0;
    window.performance.now = () => {
      clock += 2;
      return clock;
    };
    const context = { url: saved.url, layout: false };
    assert.ok(window.Extract.readAll(window.document, rules, context).length > 0);
    assert.deepEqual(window.Find.tooSlow(rules), []);
    window.performance.now = () => {
      clock += 25;
      return clock;
    };
    const items = window.Extract.readAll(window.document, rules, context);
    assert.equal(window.Find.tooSlow(rules).includes("classic post"), own);
    const posts = items.filter((item) => item.kind === "post");
    assert.equal(posts.length > 3, !own, "three passes, and it is off");
  }
});

test("A selector that this browser does not know is named", () => {
  const { OwnRules } = pageOf("", "https://www.linkedin.com/feed/");
  assert.equal(OwnRules.unknownSelector(rulesOf("linkedin")), null);
  const bad = file((rules) => {
    rules.units[1].author[0].outside = ["a:no-such-thing(b)"];
  });
  assert.equal(OwnRules.unknownSelector(bad), "a:no-such-thing(b)");
});
