// Labels on their way to the companion: written to disk before the click is answered, deleted only after a proven reply.
import { OUTBOX, result, transact } from "./database.js";

/** @typedef {import("../protocol.js").LabelMessage} LabelMessage */
/** @typedef {"full" | "storage"} Refusal */
/**
 * One thing to deliver. `refused`: why the companion will never take it; it stays to be shown, and blocks nothing.
 * @typedef {{seq?: number, op: "label" | "unlabel" | "reaction", id: string, label?: Omit<LabelMessage, "kind">,
 *   reaction?: {site: string, item: string, kind: string, at: string}, refused: string | null}} Entry
 */

/** Past this many the click is refused in plain sight: an outbox nobody empties must not grow for ever. */
export const MAX_ENTRIES = 5_000;

/** Resolves once the entry is on disk; the same id a second time is the same label.
 * @param {Omit<Entry, "seq" | "refused">} entry @returns {Promise<Refusal | null>} null: saved */
export async function put(entry) {
  try {
    return await transact(OUTBOX, "readwrite", async (store) => {
      const there = await result(store.index("id").getKey([entry.op, entry.id]));
      if (there !== undefined) return null;
      if ((await result(store.count())) >= MAX_ENTRIES) return "full";
      await result(store.add({ ...entry, refused: null }));
      return null;
    });
  } catch (error) {
    console.error("Soundings: a label could not be written", error);
    return "storage";
  }
}

/** The oldest entries still to deliver, in the order of the clicks. @param {number} count @returns {Promise<Entry[]>} */
export async function oldest(count) {
  const all = /** @type {Entry[]} */ (await transact(OUTBOX, "readonly", (store) => result(store.getAll())));
  return all.filter((entry) => !entry.refused).slice(0, count);
}

/** @param {Entry[]} entries */
export const remove = (entries) =>
  transact(OUTBOX, "readwrite", async (store) => {
    for (const { seq } of entries) if (seq !== undefined) await result(store.delete(seq));
  });

/** @param {Entry} entry @param {string} why */
export const refuse = (entry, why) =>
  transact(OUTBOX, "readwrite", (store) => result(store.put({ ...entry, refused: why })));

/** Labels that wait, that were refused, and whether anything at all waits. @returns {Promise<{waiting: number, refused: number, pending: boolean}>} */
export async function counts() {
  const all = /** @type {Entry[]} */ (await transact(OUTBOX, "readonly", (store) => result(store.getAll())));
  const open = all.filter((entry) => !entry.refused);
  const labels = open.filter((entry) => entry.op !== "reaction");
  return { waiting: labels.length, refused: all.length - open.length, pending: open.length > 0 };
}
