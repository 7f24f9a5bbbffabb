// Writes out a rule file: "@name" stands for a named part, {"@": "name", ...} for a part with changes. companion/Reading/RuleParts.cs does the same.

/** Values a written-out file may hold: no file of ours has a tenth of it, and parts of parts of parts could fill a memory. */
const MAX_VALUES = 20_000;

/** @param {any} file as it stands on disk @returns {any} */
export function expandParts({ parts = {}, ...file }) {
  /** @type {Map<string, any>} */
  const known = new Map();
  let values = 0;
  /** @param {string} name */
  const part = (name) => {
    if (!known.has(name)) throw new Error(`no part before here is called "${name}"`);
    return write(known.get(name));
  };
  /** @param {any} value @returns {any} */
  const write = (value) => {
    if (++values > MAX_VALUES) throw new Error(`written out, the rules hold more than ${MAX_VALUES} values`);
    if (typeof value === "string" && value.startsWith("@")) return part(value.slice(1));
    if (Array.isArray(value))
      return value.flatMap((one) =>
        typeof one === "string" && one.startsWith("@") ? part(one.slice(1)) : [write(one)],
      );
    if (value === null || typeof value !== "object") return value;
    const { "@": base, ...own } = value;
    const written = base === undefined ? {} : part(base);
    for (const [name, one] of Object.entries(own)) written[name] = write(one);
    return written;
  };
  for (const [name, value] of Object.entries(parts)) known.set(name, write(value));
  const { words, ...rest } = file;
  return { ...write(rest), words };
}
