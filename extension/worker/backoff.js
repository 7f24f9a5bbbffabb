// When to try the companion again: a pure policy with the clock passed in, and the cause of the wait kept beside it.

/** @typedef {{failures: number, retryAtMs: number, cause: string | null}} Backoff */

/** First wait in ms. Short: a companion that was just started should be found at once. */
const FIRST_WAIT_MS = 1_000;
/** Longest wait in ms. Past it, a companion that comes back would seem dead for too long. */
const LONGEST_WAIT_MS = 30_000;

/** @returns {Backoff} */
export const calm = () => ({ failures: 0, retryAtMs: 0, cause: null });

/** The state after a failure: waits double up to the longest, with up to a quarter of jitter so that many tabs and
 * browsers do not knock together.
 * @param {Backoff} state @param {string} cause @param {number} nowMs @param {number} random 0-1 @returns {Backoff} */
export function failed(state, cause, nowMs, random) {
  const failures = state.failures + 1;
  const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failures - 1, 10));
  return { failures, retryAtMs: nowMs + Math.round(waitMs * (1 - random / 4)), cause };
}

/** @param {Backoff} state @param {number} nowMs */
export const mayTry = (state, nowMs) => nowMs >= state.retryAtMs;
