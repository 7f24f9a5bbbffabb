// What the user says of an item, in its card or in the side panel, taken to the worker: labels, and whom never to mark.

const Labels = (() => {
  /** @typedef {import("../protocol.js").Label} Label */
  /** @typedef {ReturnType<ReturnType<typeof Items.create>["all"]>[number]} Entry */
  /** @typedef {{items: ReturnType<typeof Items.create>, tell: (message: object) => Promise<any>, changed: (entry: Entry) => void}} Means */

  /** What was known last: the next card shows it at once. @type {import("../protocol.js").Learning | null} */
  let learning = null;

  /** @param {Entry} entry @param {Means} means */
  function open(entry, means) {
    if (!entry.gauge) return;
    const { host } = entry.gauge;
    Card.show({
      ...subjectOf(entry),
      learning,
      textElement: entry.item.textElement,
      dark: Mark.isDark(Mark.groundOf(entry.element)),
      mark: entry.gauge,
      check: () => objection(entry, means),
      onAct: (does) => act(entry, does, means),
    });
    means.tell({ kind: "learning" }).then((known) => {
      learning = known;
      Card.update(host, { learning });
    });
  }

  /** What a card says of the item. @param {Entry} entry */
  const subjectOf = ({ item, score, label, exemptId }) => ({
    score: item.text === "" ? null : score,
    text: item.text,
    label,
    author: item.mine || !item.author ? null : item.author,
    exemptId,
  });

  /** @param {Entry} entry @param {Means} means */
  const objection = (entry, { items }) =>
    items.stillHolds(entry) ? null : "the text has changed since it was scored";

  /** @param {Entry} entry @param {string} does @param {Means} means @returns {Promise<string | null>} what went wrong */
  async function act(entry, does, means) {
    if (does === "undo") return undo(entry, means);
    if (does === "never") return exempt(entry, means);
    if (does === "again") return unexempt(entry, means);
    return save(entry, /** @type {Label} */ (does), means);
  }

  /** @param {Entry} entry @param {Means} means */
  async function exempt(entry, { tell, changed }) {
    const { author, authorUrl } = entry.item;
    const reply = await tell({ kind: "exempt", author: { name: author, url: authorUrl } });
    if (typeof reply?.id !== "number")
      return "Not done: the companion cannot be reached now. Start it and try again.";
    entry.exemptId = reply.id;
    if (entry.gauge) Card.update(entry.gauge.host, { exemptId: reply.id });
    changed(entry);
    return null;
  }

  /** @param {Entry} entry @param {Means} means */
  async function unexempt(entry, { tell, changed }) {
    const reply = await tell({ kind: "unexempt", id: entry.exemptId });
    if (!reply || reply.why === "no-companion")
      return "Not undone: the companion cannot be reached now. Start it and try again.";
    entry.exemptId = null; // refused: it was taken back elsewhere
    if (entry.gauge) Card.update(entry.gauge.host, { exemptId: null });
    changed(entry);
    return null;
  }

  /** @param {Entry} entry @param {Label} label @param {Means} means @returns {Promise<string | null>} what went wrong */
  async function save(entry, label, { items, tell, changed }) {
    if (entry.label === label) return null;
    const id = Ids.ulid(Date.now());
    const reply = await tell({
      kind: "label",
      id,
      item: items.toWire(entry),
      label,
      at: new Date().toISOString(),
    });
    if (reply?.why === "full")
      return "Not saved: 5,000 labels are waiting for the companion. Start it first.";
    if (!reply?.saved) return "Not saved: Soundings was updated. Reload this page and try again.";
    set(entry, label, id, changed);
    return null;
  }

  /** @param {Entry} entry @param {Means} means @returns {Promise<string | null>} what went wrong */
  async function undo(entry, { tell, changed }) {
    if (!entry.labelId) return null;
    const reply = await tell({ kind: "unlabel", id: entry.labelId });
    if (!reply?.saved) return "Not undone. Reload the page and try again.";
    set(entry, null, null, changed);
    return null;
  }

  /** @param {Entry} entry @param {Label | null} label @param {string | null} labelId @param {Means["changed"]} changed */
  function set(entry, label, labelId, changed) {
    entry.label = label;
    entry.labelId = labelId;
    if (entry.gauge) Card.update(entry.gauge.host, { label });
    changed(entry);
  }

  return { open, act, objection, subjectOf };
})();
