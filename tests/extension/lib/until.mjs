// Waiting for a condition with a deadline: tests never sleep for a while and hope.

/** Asks again until the answer is not false, null or undefined. @template T @param {() => Promise<T> | T} question
 * @param {string} what for the message @param {number} [deadlineMs] @returns {Promise<NonNullable<T>>} */
export async function until(question, what, deadlineMs = 20_000) {
  const end = Date.now() + deadlineMs;
  let last;
  for (;;) {
    try {
      last = await question();
      if (last) return last;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end)
      throw new Error(`Waited ${deadlineMs} ms until ${what}; last: ${String(last).slice(0, 500)}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
