// What is on screen, told to the side panel over the line it opens, and what is said there of an item, done here.

const View = (() => {
  /** @typedef {import("../protocol.js").ScreenMessage} ScreenMessage @typedef {import("../protocol.js").ActMessage} ActMessage */
  /** @typedef {ReturnType<ReturnType<typeof Items.create>["all"]>[number]} Entry */

  /** Changes within this time are told together, ms. */
  const GATHER_MS = 60;

  /** @param {{tell: () => Omit<ScreenMessage, "kind" | "items"> & {entries: Entry[]},
   *   act: (entry: Entry, does: string) => Promise<string | null>, find: (key: string) => Entry | undefined}} means
   *   `entries`: those on screen, in the order of the page */
  function create({ tell, act, find }) {
    /** @type {Set<chrome.runtime.Port>} */
    const panels = new Set();
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;

    function say() {
      timer = undefined;
      const { entries, ...rest } = tell();
      const items = entries.map((entry) => {
        const { score, text, label, exemptId } = Labels.subjectOf(entry);
        const { key, kind, author, mine } = entry.item;
        return { key, hash: entry.hash, kind, author, text, mine, score, label, exemptId };
      });
      for (const panel of panels) panel.postMessage({ kind: "screen", ...rest, items });
    }

    function changed() {
      if (panels.size > 0) timer ??= setTimeout(say, GATHER_MS);
    }

    /** @param {chrome.runtime.Port} panel @param {ActMessage} message */
    async function onAct(panel, { key, hash, does }) {
      const entry = find(key);
      /** @type {string | null} */
      let problem = "Not counted: the text has left the page or has changed.";
      if (entry?.hash === hash && does === "show") {
        entry.element.scrollIntoView({ block: "center" });
        problem = null;
      } else if (entry?.hash === hash) problem = await act(entry, does);
      if (panels.has(panel)) panel.postMessage({ kind: "done", key, problem });
    }

    // Only the extension's own pages can open a line to a tab.
    chrome.runtime.onConnect.addListener((panel) => {
      if (panel.sender?.id !== chrome.runtime.id) return;
      panels.add(panel);
      panel.onMessage.addListener((message) => void onAct(panel, message));
      panel.onDisconnect.addListener(() => panels.delete(panel));
      changed();
    });
    return { changed };
  }

  return { create };
})();
