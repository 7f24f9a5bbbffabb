// From the card to the outbox: opens the card of an item, and takes what the user says to the worker.

const Labels = (() => {
  /** @typedef {import("../protocol.js").Label} Label */
  /** @typedef {ReturnType<ReturnType<typeof Items.create>["all"]>[number]} Entry */
  /** @typedef {{items: ReturnType<typeof Items.create>, tell: (message: object) => Promise<any>, redraw: (entry: Entry) => void}} Means */

  /** @param {Entry} entry @param {Means} means */
  function open(entry, means) {
    if (!entry.gauge) return;
    Card.show({
      score: entry.item.text === "" ? null : entry.score,
      text: entry.item.text,
      textElement: entry.item.textElement,
      label: entry.label,
      dark: Mark.isDark(entry.element),
      mark: entry.gauge,
      check: () => (means.items.stillHolds(entry) ? null : "the text has changed since it was scored"),
      onLabel: (label) => save(entry, label, means),
      onUndo: () => undo(entry, means),
    });
  }

  /** @param {Entry} entry @param {Label} label @param {Means} means @returns {Promise<string | null>} what went wrong */
  async function save(entry, label, { items, tell, redraw }) {
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
    set(entry, label, id, redraw);
    return null;
  }

  /** @param {Entry} entry @param {Means} means @returns {Promise<string | null>} what went wrong */
  async function undo(entry, { tell, redraw }) {
    if (!entry.labelId) return null;
    const reply = await tell({ kind: "unlabel", id: entry.labelId });
    if (!reply?.saved) return "Not undone. Reload the page and try again.";
    set(entry, null, null, redraw);
    return null;
  }

  /** @param {Entry} entry @param {Label | null} label @param {string | null} labelId @param {Means["redraw"]} redraw */
  function set(entry, label, labelId, redraw) {
    entry.label = label;
    entry.labelId = labelId;
    if (entry.gauge) Card.update(entry.gauge.host, { label });
    redraw(entry);
  }

  return { open };
})();
