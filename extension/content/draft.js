// The mirror before posting: follows the editor one writes in, has its text measured while it grows, and shows the meter beside it.
// Nothing is ever put into an editor. What was sent is remembered for a while, so that it is known as one's own when the page shows it.

const Draft = (() => {
  /** @typedef {import("../protocol.js").DraftAnswer} DraftAnswer @typedef {import("../protocol.js").WireItem} WireItem */
  /** @typedef {{rules: any, items: ReturnType<typeof Items.create>, tell: (message: object) => Promise<any>, isDrawn: () => boolean,
   *   settled: (key: string) => void}} Means `isDrawn`: whether a meter may be added to the page; `settled`: an own item has its last id */

  /** Quiet time after a key before the text is measured, ms: a word's worth of letters, and the eye still calls it at once. */
  const QUIET_MS = 30;
  /** How long what was sent is looked for on the page, ms. */
  const SENT_LIFE_MS = 600_000;
  const MAX_SENT = 8;
  /** How long after a click or Enter a text that is still in its composer may be on the page as well, ms. */
  const PRESSED_LIFE_MS = 10_000;
  /** A site shows what one sent before it has given it an id. Until then it is not stored: it would count twice, ms. */
  const SETTLE_MS = 3_000;

  /** @type {Means | null} */
  let means = null;
  /** @type {HTMLElement | null} */
  let editor = null;
  /** What was last found to be no composer: not looked at again with every key. @type {unknown} */
  let refused = null;
  let text = "";
  /** When the last click or Enter came, that may have sent it. */
  let pressedAt = 0;
  /** What was last measured, and of which text. @type {(DraftAnswer & {of: string}) | null} */
  let answer = null;
  let asking = false;
  let stopWatching = () => undefined;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {Answering | null} */
  let answering = null;
  /** @type {{text: string, at: number, answering: Answering | null}[]} */
  let sent = [];
  /** What turned out to be one's own here, and when, by author and text. @type {Map<string, number>} */
  const own = new Map();

  const mutations = new MutationObserver(soon);
  const sizes = new ResizeObserver(() => {
    if (editor?.isConnected) Meter.moveSoon();
    else soon(); // the composer went
  });

  /** @param {Means} given */
  function start(given) {
    stop();
    means = given;
    stopWatching = /** @type {() => undefined} */ (Shield.watch(onEvent));
    window.addEventListener("input", soon, { capture: true, passive: true });
    enter(document.activeElement);
  }

  function stop() {
    stopWatching();
    window.removeEventListener("input", soon, { capture: true });
    leave();
    means = null;
  }

  /** @param {Event} event */
  function onEvent(event) {
    if (event.type === "focusin" || event.type === "keyup" || event.type === "click")
      enter(event.composedPath()[0]);
    // Just before a composer may be emptied: the last letters may not have been measured yet.
    else if (
      event.type === "pointerdown" ||
      (event.type === "keydown" && /** @type {KeyboardEvent} */ (event).key === "Enter")
    )
      remember();
  }

  /** @param {unknown} node */
  function enter(node) {
    if (!means || (editor?.isConnected && node instanceof Node && editor.contains(node))) return;
    if (node === refused) return;
    const found = Composer.editorOf(node, means.rules);
    refused = found ? null : node;
    if (!found || found === editor) return;
    leave();
    editor = found;
    mutations.observe(editor, { childList: true, characterData: true, subtree: true });
    sizes.observe(editor);
    soon();
  }

  function leave() {
    clearTimeout(timer);
    if (editor) noteSent();
    mutations.disconnect();
    sizes.disconnect();
    editor = null;
    show(null);
  }

  function soon() {
    if (!editor) return;
    clearTimeout(timer);
    timer = setTimeout(measure, QUIET_MS);
  }

  function remember() {
    if (!editor?.isConnected || !means) return;
    text = Composer.textOf(editor, means.rules) || text;
    pressedAt = Date.now();
  }

  async function measure() {
    if (!means || !editor) return;
    if (!editor.isConnected) return leave();
    if (asking) return soon();
    const [of, now] = [editor, Composer.textOf(editor, means.rules)];
    if (now === "") {
      noteSent();
      return show(null);
    }
    if (now === answer?.of) return Meter.moveSoon();
    text = now;
    asking = true;
    const reply = await means.tell({ kind: "draft", item: toWire(of, now) });
    asking = false;
    if (editor === of && text === now) show(reply && { ...reply, of: now });
  }

  /** @param {typeof answer} next */
  function show(next) {
    if (next === null && answer && means) void means.tell({ kind: "draft", item: null });
    answer = next;
    if (!next || !editor || !means?.isDrawn()) Meter.hide();
    else Meter.show({ editor, box: Composer.boxOf(editor, means.rules), answer: next });
  }

  /** @param {HTMLElement} of @param {string} written @returns {WireItem} */
  function toWire(of, written) {
    const { rules, items } = /** @type {Means} */ (means);
    const read = (/** @type {Element} */ unit) =>
      items.get(unit)?.item ?? Extract.readItem(unit, rules, { url: location.href, layout: true });
    answering = Composer.answering(of, written, rules, read);
    const { kind, answered, parentKey } = answering;
    /** @type {WireItem} */
    const wire = { id: `${rules.site}:draft`, kind, text: written, mine: true };
    if (answered) wire.parent = answered.text;
    if (parentKey) wire.parentId = parentKey;
    return wire;
  }

  // What was sent

  /** The composer is empty or gone: what stood there may have been sent. */
  function noteSent() {
    if (text) sent = [...sent, { text, at: Date.now(), answering }].slice(-MAX_SENT);
    text = "";
    answering = null;
  }

  /** @param {string} one */
  const bare = (one) => one.replace(/\s+/g, "");

  /** Whether the page says who wrote it, and it is not the signed-in person. @param {ReadItem} item @param {any} rules */
  function isAnothers(item, rules) {
    const { me } = Person.signedIn(document, rules, { url: location.href, layout: true });
    return Person.isOther({ profile: Person.profileOf(rules, item.authorUrl), me });
  }

  /** Whether an item is what one just wrote here. @param {ReadItem} item @returns {boolean} */
  function wrote(item) {
    const print = `${item.author}\n${item.text}`;
    if (own.has(print)) return true;
    if (!means || item.text === "" || isAnothers(item, means.rules)) return false;
    sent = sent.filter(({ at }) => Date.now() - at < SENT_LIFE_MS);
    // A site may show it before it empties the composer.
    const drafts = Date.now() - pressedAt < PRESSED_LIFE_MS ? [...sent, { text, answering }] : sent;
    const there = bare(item.text);
    const at = drafts.findIndex(
      ({ text: mine, answering: to }) =>
        (to?.kind === "post") === (item.kind === "post") &&
        (!to?.parentKey || !item.parentKey || to.parentKey === item.parentKey) &&
        (there.endsWith("…") && there.length > 40
          ? bare(mine).startsWith(there.slice(0, -1))
          : bare(mine) === there),
    );
    if (at < 0) return false;
    sent.splice(at, 1);
    own.set(print, Date.now());
    setTimeout(() => means?.settled(print), SETTLE_MS);
    return true;
  }

  /** Whether an own item is so young that its id may still change. @param {ReadItem} item */
  const isUnsettled = (item) => Date.now() - (own.get(`${item.author}\n${item.text}`) ?? 0) < SETTLE_MS;

  return {
    start,
    stop,
    wrote,
    isUnsettled,
    /** What a page of ours may know of it. */
    report: () => {
      const rect = answer && Meter.rect();
      return (
        answer && {
          depth: answer.score.depth,
          verdict: answer.score.verdict,
          suggestion: answer.suggestion,
          length: answer.of.length,
          rect: rect && { x: rect.x, y: rect.y, width: rect.width, height: rect.height },
        }
      );
    },
  };
})();
