// Empties the outbox in the order of the clicks, and keeps every label until the companion has proven that it has it.
import * as outbox from "./outbox.js";

/** @typedef {import("./outbox.js").Entry} Entry @typedef {import("./companion-client.js").Outcome} Outcome */
/** @typedef {(method: "POST" | "DELETE", path: string, body?: object) => Promise<Outcome>} Call */

/** Labels in one request. Small enough that a lost reply repeats little. */
const MAX_LABELS = 50;

export class Delivery {
  #call;
  #onDelivered;
  #running = false;
  #again = false;

  /** @param {{call: Call, onDelivered: (answer: {model?: string}) => void}} options */
  constructor({ call, onDelivered }) {
    this.#call = call;
    this.#onDelivered = onDelivered;
  }

  /** Delivers until the outbox is empty or the companion cannot be reached; a call while one runs asks for another round. */
  async drain() {
    this.#again = true;
    if (this.#running) return;
    this.#running = true;
    try {
      while (this.#again) {
        this.#again = false;
        for (;;) {
          const entries = await outbox.oldest(MAX_LABELS);
          if (entries.length === 0 || !(await this.#deliver(entries))) break;
        }
      }
    } finally {
      this.#running = false;
    }
  }

  /** @param {Entry[]} entries @returns {Promise<boolean>} whether to go on */
  async #deliver(entries) {
    const [first] = entries;
    if (first.op === "unlabel") {
      const outcome = await this.#call("DELETE", `labels/${first.id}`);
      if (!outcome.ok && !outcome.refused) return false;
      await outbox.remove([first]); // withdrawn, or never known there: both are what was asked for
      return true;
    }
    if (first.op === "reaction") {
      const outcome = await this.#call("POST", "reactions", { reactions: [first.reaction] });
      if (!outcome.ok && !outcome.refused) return false;
      await outbox.remove([first]); // a click the companion will not count is no loss to anybody
      return true;
    }
    const end = entries.findIndex((entry) => entry.op !== "label");
    const labels = end < 0 ? entries : entries.slice(0, end);
    const outcome = await this.#call("POST", "labels", { labels: labels.map((entry) => entry.label) });
    if (outcome.ok) {
      const had = new Set(outcome.data.results.map((/** @type {{id: string}} */ one) => one.id));
      const delivered = labels.filter((entry) => had.has(entry.id));
      if (delivered.length === 0) return false; // an answer about other labels: ask again later
      await outbox.remove(delivered);
      this.#onDelivered(outcome.data);
      return true;
    }
    if (!outcome.refused) return false;
    if (labels.length === 1) {
      await outbox.refuse(first, outcome.cause);
      return true;
    }
    // One of them is the trouble; the others must not wait for it.
    for (const label of labels) if (!(await this.#deliver([label]))) return false;
    return true;
  }
}
