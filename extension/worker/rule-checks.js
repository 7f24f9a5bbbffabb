// Checks rules that came from the companion once more before they reach a page: known names, right types, bounded sizes, nothing that runs.
// Whether a selector is one, only a page can tell; content/find.js asks.

/** @typedef {(value: any, name: string) => void} Check throws an Error that says what is wrong */

const MAX_SELECTOR = 512;
const MAX_SELECTORS = 40;
const WIDE = ["*", "html", "body", ":root", "html *", "body *"];
const PRIVATE =
  /msg-|messaging|messenger|inbox|conversation|chat|profile-card|identity-module|password|credit/i;

/** @param {boolean} holds @param {string} message */
const must = (holds, message) => {
  if (!holds) throw new Error(message);
};

/** @param {RegExp} shape @param {number} [most] @returns {Check} */
const text =
  (shape, most = 300) =>
  (value, name) =>
    must(
      typeof value === "string" && value.length > 0 && value.length <= most && shape.test(value),
      `${name} is not as it must be`,
    );
/** @type {Check} */
const flag = (value, name) => must(typeof value === "boolean", `${name} is true or false`);
/** @param {number} least @param {number} most @returns {Check} */
const whole = (least, most) => (value, name) =>
  must(
    Number.isInteger(value) && value >= least && value <= most,
    `${name} is a whole number from ${least} to ${most}`,
  );
/** @param {number} most @param {Check} each @returns {Check} */
const list = (most, each) => (value, name) => {
  must(Array.isArray(value) && value.length <= most, `${name} is a list of at most ${most}`);
  for (const one of value) each(one, name);
};
/** Names with "!" must be there. @param {Record<string, Check>} fields @returns {Check} */
const object = (fields) => (value, name) => {
  must(value !== null && typeof value === "object" && !Array.isArray(value), `${name} is an object`);
  for (const field of Object.keys(fields))
    if (field.endsWith("!"))
      must(Object.hasOwn(value, field.slice(0, -1)), `${name} lacks ${field.slice(0, -1)}`);
  for (const [field, one] of Object.entries(value)) {
    const check = Object.hasOwn(fields, field) ? fields[field] : fields[`${field}!`];
    must(check !== undefined && !field.endsWith("!"), `"${field.slice(0, 60)}" is not known in ${name}`);
    check(one, field);
  }
};

/** @param {boolean} mayBePrivate @returns {Check} */
const selector = (mayBePrivate) => (value, name) => {
  text(/^[^{}@<\\]+$/, MAX_SELECTOR)(value, `a selector in ${name}`);
  must(!WIDE.includes(value.trim().toLowerCase()), `a selector in ${name} matches the whole page`);
  must(
    value.split("[").length <= 13 && value.split("(").length <= 5,
    `a selector in ${name} has too many parts`,
  );
  must(mayBePrivate || !PRIVATE.test(value), `a selector in ${name} names a place that is never read`);
};
const selectors = list(MAX_SELECTORS, selector(false));
const anywhere = list(MAX_SELECTORS, selector(true));
const note = text(/./, 2_000);
const pattern = text(/^/, 256);
const word = text(/^[a-z][a-z0-9-]*$/, 40);
/** @type {Check} */
const attribute = (value, name) => {
  text(/^[a-z][a-z0-9:-]*$/, 60)(value, name);
  must(!/^(on.*|srcdoc|style|value)$/.test(value), `${name} is no attribute a rule may read`);
};
const recipe = object({
  note,
  select: selectors,
  attribute,
  query: text(/./, 60),
  decode: text(/^(base64|linkedin-urn)$/),
  pattern,
  value: text(/./, 80),
  anywhere: flag,
  beside: flag,
  outside: selectors,
});
const recipes = list(30, recipe);
const test = object({
  note,
  me: flag,
  select: selectors,
  outside: selectors,
  lacks: selectors,
  attribute,
  words: text(/./, 40),
  after: text(/./, 10),
  label: flag,
  digitless: flag,
});
const place = object({ note, "select!": anywhere, attribute });
const unit = object({
  "name!": text(/./, 80),
  "kind!": text(/^(post|comment)$/),
  note,
  "match!": selectors,
  key: object({ "attributes!": list(4, attribute), "pattern!": pattern }),
  header: selectors,
  without: selectors,
  "evidence!": list(8, selectors),
  quoted: list(
    8,
    object({
      note,
      "select!": selectors,
      skip: whole(0, 9),
      containing: selectors,
      before: selectors,
      after: selectors,
    }),
  ),
  "id!": recipes,
  "author!": list(
    12,
    object({
      note,
      "select!": selectors,
      outside: selectors,
      attribute,
      until: text(/./, 10),
      pressable: flag,
    }),
  ),
  "text!": list(
    12,
    object({
      note,
      select: selectors,
      between: list(2, selector(false)),
      all: flag,
      outside: selectors,
      cut: selectors,
      below: selectors,
      above: selectors,
    }),
  ),
  parent: object({ note, preceding: flag, "recipes!": recipes }),
  reply: list(
    8,
    object({
      note,
      nested: flag,
      when: recipe,
      parent: recipe,
      list: selectors,
      edge: selectors,
      minimum: whole(1, 200),
      loader: selectors,
    }),
  ),
  mine: list(12, test),
  sponsored: list(12, test),
  liked: list(8, test),
});
const rules = object({
  "format!": whole(1, 1),
  "site!": word,
  "name!": text(/./, 60),
  "serial!": whole(1, 2 ** 31 - 1),
  note,
  "hosts!": list(12, text(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/, 100)),
  skipPaths: list(40, text(/./, 100)),
  "skip!": anywhere,
  "hidden!": anywhere,
  "profile!": list(12, pattern),
  fold: list(8, list(2, text(/./, 40))),
  snowflake: flag,
  fallback: flag,
  "me!": object({
    note,
    links: anywhere,
    names: list(20, place),
    labels: list(20, place),
    script: object({ note, "contains!": text(/./, 80), "id!": pattern, "name!": pattern }),
  }),
  composer: object({
    note,
    "editor!": selectors,
    "never!": anywhere,
    within: selectors,
    list: selectors,
    box: selectors,
  }),
  "units!": list(24, unit),
  "signs!": selectors,
  "words!": (value, name) => {
    must(
      value !== null && typeof value === "object" && Object.keys(value).length <= 20,
      `${name} is an object`,
    );
    for (const one of Object.values(value)) list(400, text(/./, 80))(one, name);
  },
});

/** Why a written-out rule file cannot be used; null when it can. @param {any} file @returns {string | null} */
export function objectionTo(file) {
  try {
    rules(file, "the file");
    must(file.units.length > 0, "there is no unit");
    must(file.hosts.length > 0 && !file.fallback, "it names no host");
    for (const one of file.units)
      for (const { words } of [...(one.mine ?? []), ...(one.sponsored ?? []), ...(one.liked ?? [])])
        must(words === undefined || Object.hasOwn(file.words, words), `no list is called "${words}"`);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
