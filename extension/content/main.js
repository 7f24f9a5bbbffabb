// The content script's composition: what is near is read, what is read is scored by the worker, what is scored is marked.
// A mark is drawn, and stays, only while its element still holds the item that was scored.

(() => {
  /** @typedef {import("../protocol.js").Mode} Mode @typedef {import("../protocol.js").RulesReply} RulesReply */
  /** @typedef {import("../protocol.js").ScoreReply} ScoreReply @typedef {import("../protocol.js").TabReport} TabReport */
  /** @typedef {ReturnType<ReturnType<typeof Items.create>["all"]>[number]} Entry */

  /** Work in one task, ms: a frame must have room for the page's own. */
  const SLICE_MS = 8;
  /** Items re-read before the paint after a mutation, ms; the marks of the rest are hidden until they are read. */
  const BEFORE_PAINT_MS = 6;
  /** Marks placed in one slice: enough to share a layout, too few to be felt. */
  const MARKS_A_SLICE = 16;
  /** What nobody waits for is gathered this long, ms: each batch of marks costs the page a layout, each message its price. */
  const GATHER_MS = 250;
  /** Items in one message to the worker. */
  const MAX_ASKED = 200;
  /** Quiet time before the counts are reported, ms. */
  const REPORT_MS = 1_500;

  /** @type {any} */
  let rules = null;
  /** @type {Mode} */
  let mode = "every";
  /** Whether drafts are measured. */
  let drafts = true;
  let fade = false;
  /** @type {ReturnType<typeof Items.create> | null} */
  let items = null;
  /** @type {ReturnType<typeof Observe.start> | null} */
  let observation = null;

  /** @type {Set<Element>} */
  const toRead = new Set();
  /** @type {Set<Entry>} */
  const toAsk = new Set();
  /** @type {Set<Entry>} */
  const toDraw = new Set();
  /** @type {Set<Entry>} */
  const toAdjust = new Set();
  /** @type {[Set<Entry>, Set<Entry>]} */
  const [drawSoon, askSoon] = [new Set(), new Set()];
  /** Units that have been on screen. @type {WeakSet<Element>} */
  const seenUnits = new WeakSet();
  /** Units on screen now. @type {Set<Element>} */
  const onScreen = new Set();
  /** Why the last items asked for were scored or not. @type {import("../protocol.js").ConnectionState} */
  let connectionState = "unknown";
  /** @type {() => void} */
  let stopPointing = () => undefined;
  let working = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let reportTimer;
  let lastReport = "";

  // Switching on and off

  async function begin() {
    const reply = /** @type {RulesReply | null} */ (await tell({ kind: "rules" }));
    if (!reply || !("rules" in reply)) return;
    rules = reply.rules;
    const unknown = rules.own ? OwnRules.unknownSelector(rules) : null;
    if (unknown)
      rules = await tell({
        kind: "rulesRefused",
        why: `this browser does not know the selector "${unknown}"`,
      });
    if (!rules) return;
    ({ mode, fade, drafts } = reply);
    Mark.sweep();
    if (reply.on) start();
  }

  function start() {
    if (observation || !rules) return;
    items = Items.create(rules, {
      fresh: (entry) => {
        queue([entry], toAsk);
        reportSoon();
      },
      kept: (entry) => {
        entry.gauge?.box.classList.remove("doubtful");
        if (entry.placed && !entry.gauge?.host.isConnected) marks.redraw(entry);
      },
      left: (entry) => {
        marks.drop(entry);
        for (const set of [toAsk, toDraw, toAdjust, drawSoon, askSoon]) set.delete(entry);
        view.changed();
      },
      liked: ({ item }) => Reactions.note(item.key, tell),
      reread: (elements) => queue(elements, toRead),
    });
    observation = Observe.start((url) => Extract.unitSelector(rules, new URL(url)), {
      near: (units) => queue(units, toRead),
      ahead: (units) => queue(units, toRead),
      seen: onSeen,
      unseen: (units) => {
        for (const unit of units) onScreen.delete(unit);
        view.changed();
      },
      changed: onChanged,
      gone: (units) => {
        for (const unit of units) {
          toRead.delete(unit);
          onScreen.delete(unit);
          items?.drop(unit);
        }
        reportSoon();
      },
      navigated: () => {
        Card.close();
        reportSoon();
      },
      themed: () => queue(items?.all() ?? [], toDraw),
    });
    document.fonts.addEventListener("loadingdone", adjustAll);
    stopPointing = Shield.watch(marks.onPointing);
    startDraft();
  }

  function startDraft() {
    if (!items || !drafts) return Draft.stop();
    const settled = () =>
      queue(
        (items?.all() ?? []).filter((entry) => entry.wasSeen && !entry.observed),
        toAsk,
      );
    Draft.start({ rules, items, tell, isDrawn: () => mode !== "panel", settled });
  }

  /** @param {{keepCard?: boolean}} [options] an open card has something left to say */
  function stop({ keepCard = false } = {}) {
    observation?.stop();
    observation = null;
    stopPointing();
    Draft.stop();
    document.fonts.removeEventListener("loadingdone", adjustAll);
    if (!keepCard) Card.close();
    for (const entry of items?.all() ?? []) if (!keepCard || !marks.isCardOpen(entry)) marks.drop(entry);
    for (const set of [toRead, toAsk, toDraw, toAdjust, drawSoon, askSoon, onScreen]) set.clear();
    items = null;
    view.changed();
  }

  const adjustAll = () => queue(items?.all() ?? [], toAdjust);
  const marks = Marks.create({
    look: () => ({ mode, fade }),
    find: (element) => items?.get(element),
    isLive: (entry) => items?.isLive(entry) ?? false,
    drawLater: (entry) => queue([entry], toDraw),
    adjustLater: (entries) => queue(entries, toAdjust),
    onClick: (entry) => items && Labels.open(entry, meansOf(items)),
  });

  /** @param {object} message @returns {Promise<any>} null where the worker cannot be reached any more */
  async function tell(message) {
    try {
      return await chrome.runtime.sendMessage(message);
    } catch (error) {
      if (!leaveIfOrphaned()) console.debug("Soundings: the worker did not answer", error);
      return null;
    }
  }

  /** The extension was updated or removed under this page: leaves nothing behind that no longer works. */
  function leaveIfOrphaned() {
    if (chrome.runtime?.id) return false;
    stop({ keepCard: true });
    return true;
  }

  /** @type {chrome.runtime.Port | null} */
  let line = null;
  /** Keeps a line to the worker, whose end is the only word an orphaned page gets. The worker may end it by falling asleep too. */
  function listen() {
    if (line) return;
    line = chrome.runtime.connect();
    line.onDisconnect.addListener(() => {
      line = null;
      leaveIfOrphaned();
    });
  }

  // Work in slices

  /** @template T @param {Iterable<T>} things @param {Set<T>} set */
  function queue(things, set) {
    for (const thing of things) set.add(thing);
    work();
  }

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let gathering;
  /** @param {Entry} entry @param {Set<Entry>} set drawSoon or askSoon */
  function queueSoon(entry, set) {
    set.add(entry);
    // When idle, the page's layout is done.
    gathering ??= setTimeout(() => requestIdleCallback(doGathered, { timeout: GATHER_MS }), GATHER_MS);
  }

  function doGathered() {
    gathering = undefined;
    for (const one of drawSoon) toDraw.add(one);
    for (const one of askSoon) toAsk.add(one);
    drawSoon.clear();
    askSoon.clear();
    if (toDraw.size + toAsk.size > 0) work();
  }

  function work() {
    if (working) return;
    working = true;
    queueMicrotask(slice);
  }

  /** Works off what is due, a little at a time, so that no task of ours is felt. */
  function slice() {
    const until = performance.now() + SLICE_MS;
    for (const element of toRead) {
      toRead.delete(element);
      if (element.isConnected) items?.read(element, seenUnits.has(element));
      if (performance.now() > until) break;
    }
    if (toRead.size === 0 && toAsk.size > 0) void ask();
    if (performance.now() < until && toDraw.size > 0) {
      for (const entry of drawSoon) if (toDraw.size < MARKS_A_SLICE) toDraw.add(entry); // the layout is paid for anyway
      for (const entry of toDraw) drawSoon.delete(entry);
      marks.draw(take(toDraw, MARKS_A_SLICE));
    }
    if (performance.now() < until && toAdjust.size > 0) marks.adjust(take(toAdjust, MARKS_A_SLICE));
    working = toRead.size + toDraw.size + toAdjust.size > 0;
    if (working) setTimeout(slice, 0);
  }

  /** @template T @param {Set<T>} set @param {number} count */
  function take(set, count) {
    const taken = [...set].slice(0, count);
    for (const one of taken) set.delete(one);
    return taken;
  }

  /** @param {Element[]} units */
  function onSeen(units) {
    for (const unit of units) {
      seenUnits.add(unit);
      onScreen.add(unit);
      const entry = items?.get(unit);
      if (!entry) continue;
      entry.wasSeen = true;
      // Scored ahead of the scroll: now it has been seen, and may be stored.
      if (entry.asked && !entry.observed) queueSoon(entry, askSoon);
      if (entry.asked && !entry.placed && entry.attempts < Marks.MAX_ATTEMPTS) toDraw.add(entry);
    }
    if (toDraw.size > 0) work();
    view.changed();
  }

  /** Called before the paint: a mark whose element holds another item now must not be seen again.
   * @param {Set<Element>} units */
  function onChanged(units) {
    const until = performance.now() + BEFORE_PAINT_MS;
    for (const unit of units) {
      const entry = items?.get(unit);
      if (entry?.placed && performance.now() < until) items?.read(unit, entry.wasSeen);
      else if (entry || items?.isBlank(unit)) {
        entry?.gauge?.box.classList.add("doubtful");
        toRead.add(unit);
      }
    }
    if (toRead.size > 0) work();
  }

  /** @param {Entry} entry */
  const mayStore = (entry) => entry.wasSeen && !Draft.isUnsettled(entry.item);

  async function ask() {
    const asked = take(toAsk, MAX_ASKED);
    const requests = asked.map((entry) => ({
      item: /** @type {NonNullable<typeof items>} */ (items).toWire(entry),
      hash: items?.refreshHash(entry) ?? "",
      observe: mayStore(entry),
    }));
    const reply = /** @type {ScoreReply | null} */ (await tell({ kind: "score", requests }));
    if (!reply) return;
    listen();
    connectionState = reply.connection.state;
    asked.forEach((entry, at) => {
      if (!items?.isLive(entry) || entry.hash !== requests[at].hash) return;
      const [{ score: before, exempt: wasExempt }, judged] = [{ ...entry }, reply.scores[at]];
      if (judged !== null) {
        entry.exempt = judged === "exempt";
        if (!entry.exempt) entry.exemptId = null; // taken back elsewhere
        entry.score = judged === "exempt" ? null : judged;
        if (requests[at].observe) entry.observed = true;
        else if (mayStore(entry)) toAsk.add(entry);
      }
      entry.asked = true;
      const { score, exempt, placed } = entry;
      if (!placed || before?.depth !== score?.depth || before?.model !== score?.model || exempt !== wasExempt)
        if (onScreen.has(entry.element)) toDraw.add(entry);
        else queueSoon(entry, drawSoon);
    });
    if (toAsk.size + toDraw.size > 0) work();
    view.changed();
  }

  /** @param {NonNullable<typeof items>} known */
  const meansOf = (known) => ({
    items: known,
    tell,
    changed: (/** @type {Entry} */ entry) => {
      queue([entry], toDraw);
      view.changed();
    },
  });

  // The side panel

  /** What one can see now: on screen, and not behind an open dialog. */
  function inView() {
    // One that was exempted here stays, so that it can be taken back.
    const all = (items?.inOrder() ?? []).filter(
      ({ element, exempt, exemptId }) => onScreen.has(element) && (!exempt || exemptId !== null),
    );
    const inDialog = all.filter(({ element }) => element.closest("[role=dialog],dialog"));
    return inDialog.length > 0 ? inDialog : all;
  }

  const view = View.create({
    find: (key) => items?.all().find(({ item }) => item.key === key),
    act: async (entry, does) => {
      if (!items) return null;
      return Labels.objection(entry, meansOf(items)) ?? Labels.act(entry, does, meansOf(items));
    },
    tell: () => ({
      on: items !== null,
      seen: items?.count() ?? 0,
      signs: items ? Extract.signs(document, rules) : 0,
      state: connectionState,
      entries: inView(),
    }),
  });

  // Reports

  function reportSoon() {
    clearTimeout(reportTimer);
    reportTimer = setTimeout(() => {
      if (!items) return;
      const page = location.pathname.split("/").find((part) => /^[a-z]{2,20}$/.test(part)) ?? "home";
      const report = { kind: "seen", seen: items.count(), signs: Extract.signs(document, rules), page };
      if (JSON.stringify(report) === lastReport) return;
      lastReport = JSON.stringify(report);
      void tell(report);
    }, REPORT_MS);
  }

  /** What a page of ours may know of this tab. @returns {TabReport} */
  function report() {
    const known = (items?.inOrder() ?? []).map(Items.inspect);
    return {
      on: items !== null,
      url: location.href,
      seen: known.length,
      signs: items ? Extract.signs(document, rules) : 0,
      items: known,
      draft: Draft.report(),
      tooSlow: items ? Find.tooSlow(rules) : [],
    };
  }

  chrome.runtime.onMessage.addListener((message, sender, sendResponse) => {
    if (sender.id !== chrome.runtime.id || sender.tab) return; // only the worker and our own pages
    if (message.kind === "report") sendResponse(report());
    if (message.kind === "outline") sendResponse(Extract.outline(document.body));
    if (message.kind === "rulesChanged") {
      stop();
      rules = null;
      void begin();
    }
    if (message.kind === "again") {
      for (const entry of items?.all() ?? []) entry.observed = false;
      queue(items?.all() ?? [], toAsk);
    }
    if (message.kind === "settings") {
      ({ mode, fade, drafts } = message);
      if (message.on) start();
      else stop();
      startDraft();
      if (mode === "panel") for (const entry of items?.all() ?? []) marks.drop(entry);
      queue(items?.all() ?? [], toDraw);
      view.changed();
    }
  });

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin, { once: true });
  else void begin();
})();
