// Gathers the items of all tabs for a moment, asks for each once, and remembers the answers of the active model.

/** @typedef {import("../protocol.js").Judged} Judged @typedef {import("../protocol.js").ScoreRequest} ScoreRequest */
/** @typedef {import("../protocol.js").WireItem} WireItem */
/** @typedef {{request: ScoreRequest, resolve: (score: Judged | null) => void}} Waiting */
/** @typedef {{score: Judged, observed: boolean}} Known */
/** @typedef {(items: WireItem[], observe: boolean) => Promise<import("../protocol.js").ScoreAnswer | null>} Send null: not now */

/** How long a batch waits for company, ms: long enough for a scroll in several tabs, short beside the eye's patience. */
const GATHER_MS = 60;
/** The first batch after a pause waits less: what one scroll brought is already in one message. */
const FIRST_GATHER_MS = 20;
/** A pause, ms. */
const QUIET_MS = 250;
/** Answers kept; past it the oldest go. A day of scrolling, some 3 MB. */
const MAX_KNOWN = 5_000;

export class Batcher {
  /** @type {Waiting[]} */
  #waiting = [];
  /** @type {Map<string, Known>} */
  #known = new Map();
  /** @type {string | null} */
  #model = null;
  /** How often answers were forgotten so far. */
  #round = 0;
  #scheduled = false;
  #lastFlushMs = 0;
  #now;
  #send;
  #maxItems;
  #schedule;
  #onModel;

  /**
   * @param {{send: Send, maxItems: number, schedule?: (run: () => void, delayMs: number) => unknown,
   *   now?: () => number, onModel?: (model: string, before: string | null) => void}} options
   * `schedule` and `now` are the real ones unless a test brings its own
   */
  constructor({
    send,
    maxItems,
    schedule = (run, delayMs) => setTimeout(run, delayMs),
    now = Date.now,
    onModel,
  }) {
    this.#send = send;
    this.#maxItems = maxItems;
    this.#schedule = schedule;
    this.#now = now;
    this.#onModel = onModel;
  }

  /** The version that judged last, null before the first answer. */
  get model() {
    return this.#model;
  }

  /** Resolves to the score, or null where the companion cannot be asked now. @param {ScoreRequest} request
   * @returns {Promise<Judged | null>} */
  ask(request) {
    const known = this.#known.get(memoryKey(request));
    if (known && (known.observed || !request.observe)) return Promise.resolve(known.score);
    return new Promise((resolve) => {
      this.#waiting.push({ request, resolve });
      if (this.#waiting.length >= this.#maxItems) this.#flush();
      else this.#flushSoon();
    });
  }

  /** Others are exempt now: what was said no longer holds, nor what is about to be said. */
  forget() {
    this.#known.clear();
    this.#round++;
  }

  /** The companion named the model it now judges with. @param {string} model */
  noteModel(model) {
    if (model === this.#model) return;
    const before = this.#model;
    this.#model = model;
    this.#known.clear();
    this.#onModel?.(model, before);
  }

  #flushSoon() {
    if (this.#scheduled) return;
    this.#scheduled = true;
    const isFirst = this.#now() - this.#lastFlushMs > QUIET_MS;
    this.#schedule(() => this.#flush(), isFirst ? FIRST_GATHER_MS : GATHER_MS);
  }

  #flush() {
    this.#scheduled = false;
    this.#lastFlushMs = this.#now();
    const waiting = this.#waiting.splice(0);
    for (const observe of [true, false]) {
      /** @type {Map<string, Waiting[]>} the same item asked for by two tabs goes out once */
      const byKey = new Map();
      for (const one of waiting)
        if (one.request.observe === observe) {
          const key = memoryKey(one.request);
          byKey.set(key, [...(byKey.get(key) ?? []), one]);
        }
      const groups = [...byKey.values()];
      for (let at = 0; at < groups.length; at += this.#maxItems)
        void this.#sendGroups(groups.slice(at, at + this.#maxItems), observe);
    }
  }

  /** @param {Waiting[][]} groups @param {boolean} observe */
  async #sendGroups(groups, observe) {
    const round = this.#round;
    const answer = await this.#send(
      groups.map(([first]) => first.request.item),
      observe,
    ).catch((error) => {
      console.error("Soundings: a batch failed", error);
      return null;
    });
    if (answer && round !== this.#round) {
      // Answered before what was said ceased to hold: it would be taken for the newest, and stay.
      this.#waiting.push(...groups.flat());
      return this.#flushSoon();
    }
    if (answer) this.noteModel(answer.model);
    /** @type {Map<string, Judged>} */
    const byId = new Map(answer?.scores.map((score) => [score.id, score]));
    for (const id of answer?.exempt ?? []) byId.set(id, "exempt");
    for (const group of groups) {
      const score = byId.get(group[0].request.item.id) ?? null;
      if (score) this.#remember(memoryKey(group[0].request), { score, observed: observe });
      for (const { resolve } of group) resolve(score);
    }
  }

  /** @param {string} key @param {Known} known */
  #remember(key, known) {
    this.#known.delete(key); // so that it becomes the youngest
    this.#known.set(key, known);
    if (this.#known.size > MAX_KNOWN)
      for (const oldest of this.#known.keys()) {
        this.#known.delete(oldest);
        break;
      }
  }
}

/** @param {ScoreRequest} request */
const memoryKey = (request) => `${request.item.id}\n${request.hash}`;
