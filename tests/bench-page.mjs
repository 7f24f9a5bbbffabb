// What the extension costs a page, measured in Chromium beside the same page without it: time on the main thread an item, long tasks,
// layout shifts, scrolling, memory over recycled items, and the wait from an item entering the screen to its mark.
// node tests/bench-page.mjs [file.json]; needs the companion built (./build.cmd run or test does that).
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { startCompanion } from "./extension/lib/companion.mjs";
import { startExtended } from "./extension/lib/extended.mjs";
import { savedPages } from "./extension/lib/pages.mjs";
import { until } from "./extension/lib/until.mjs";

const POSTS = 120;
const RECYCLED = 2_000;
/** Elements that a recycling feed keeps. */
const SLOTS = 20;
/** A task longer than this is felt, ms. */
const LONG_MS = 50;
const ROUNDS = 3;

const seeds = join(dirname(dirname(fileURLToPath(import.meta.url))), "seeds");
const texts = readFileSync(join(seeds, "li-work.jsonl"), "utf8")
  .trimEnd()
  .split("\n")
  .map((line) => JSON.parse(line).text);
const feed = savedPages().find(({ name }) => name === "linkedin-classic-feed");
if (!feed) throw new Error("the saved feed this benchmark uses was renamed: mend its name above");

const companion = await startCompanion();
const extended = await startExtended("chromium");
try {
  const reply = await extended.tell({ kind: "pair", link: companion.link() });
  if (!reply.paired) throw new Error(`pairing failed: ${reply.why}`);
  const [without, withUs] = [await scrollRounds(false), await scrollRounds(true)];
  const [bare, ours] = [await recycle(false), await recycle(true)];
  const best = (/** @type {any[]} */ runs, /** @type {string} */ name) =>
    Math.min(...runs.map((run) => run[name]));
  const result = {
    posts: POSTS,
    mainThreadMsAnItem: round(median(withUs.map(({ ownMs }) => ownMs)) / POSTS),
    longestTaskMs: round(median(withUs.map(({ longestOwnMs }) => longestOwnMs))),
    longTasks: Math.max(...withUs.map(({ longOwn }) => longOwn)),
    layoutShift:
      Math.max(...withUs.map(({ shift }) => shift)) - Math.max(...without.map(({ shift }) => shift)),
    scrollMs: round(best(withUs, "scrollMs")),
    scrollMsWithout: round(best(without, "scrollMs")),
    scrollSlowerPercent: round(100 * (best(withUs, "scrollMs") / best(without, "scrollMs") - 1)),
    markWaitP50Ms: round(
      quantile(
        withUs.flatMap(({ waits }) => waits),
        0.5,
      ),
    ),
    markWaitP95Ms: round(
      quantile(
        withUs.flatMap(({ waits }) => waits),
        0.95,
      ),
    ),
    recycled: RECYCLED,
    memoryGrowthMb: round(ours - bare),
    memoryGrowthWithoutMb: round(bare),
  };
  console.table(result);
  if (process.argv[2]) writeFileSync(process.argv[2], `${JSON.stringify(result, null, 2)}\n`);
} finally {
  await extended.close();
  await companion.end();
}

/** @param {boolean} on whether the extension reads the page */
async function openFeed(on) {
  await extended.tell({ kind: "siteSwitch", site: "linkedin", on });
  const site = await extended.openSite(/** @type {any} */ (feed).url, /** @type {any} */ (feed).html);
  await site.page.evaluate(prepare, texts);
  return site;
}

/** Scrolls through the whole feed, which grows as one nears its end, a few times anew. @param {boolean} on */
async function scrollRounds(on) {
  const runs = [];
  for (let turn = 0; turn < ROUNDS; turn++) {
    const { page, inspect } = await openFeed(on);
    await page.tracing.start({ categories: ["devtools.timeline", "toplevel"] });
    const { scrollMs, shift } = await page.evaluate(scrollThrough, POSTS);
    if (on)
      await until(async () => {
        const items = await inspect();
        return items.length >= POSTS && items.every((item) => item.shown && item.depth !== null);
      }, "every post is marked");
    const trace = JSON.parse(new TextDecoder().decode(await page.tracing.stop()));
    const waits = await page.evaluate(() => /** @type {any} */ (window).waits);
    runs.push({ scrollMs, shift, waits: on ? waits : [], ...ownTime(trace.traceEvents) });
    await page.close();
  }
  return runs;
}

/** What our scripts took of the page's main thread, with the layouts they forced. @param {any[]} events */
function ownTime(events) {
  const isOurs = (/** @type {any} */ { name, args }) =>
    name === "FunctionCall" && String(args?.data?.url).startsWith("chrome-extension://");
  const calls = events.filter((event) => event.ph === "X" && isOurs(event)).sort((a, b) => a.ts - b.ts);
  // Calls within calls are counted once.
  const outer = calls.filter(
    (call, at) =>
      !calls
        .slice(Math.max(0, at - 50), at)
        .some((one) => one.tid === call.tid && one.ts + one.dur >= call.ts + call.dur),
  );
  const tasks = events.filter(({ ph, name }) => ph === "X" && /RunTask$/.test(name));
  let [ownMs, longestOwnMs, longOwn] = [0, 0, 0];
  /** @type {Map<any, number>} */
  const byTask = new Map();
  for (const call of outer) {
    ownMs += (call.tdur ?? call.dur) / 1_000;
    const task = tasks.find(
      (one) =>
        one.tid === call.tid &&
        one.pid === call.pid &&
        one.ts <= call.ts &&
        one.ts + one.dur >= call.ts + call.dur,
    );
    byTask.set(task ?? call, (byTask.get(task ?? call) ?? 0) + (call.tdur ?? call.dur) / 1_000);
  }
  for (const [, ms] of byTask) {
    longestOwnMs = Math.max(longestOwnMs, ms);
    if (ms > LONG_MS) longOwn++;
  }
  return { ownMs, longestOwnMs, longOwn };
}

/** Growth of the heap in MB over many items shown in the same few elements. @param {boolean} on */
async function recycle(on) {
  const { page } = await openFeed(on);
  const cdp = await page.createCDPSession();
  const heapMb = async () => {
    await cdp.send("HeapProfiler.collectGarbage");
    const { metrics } = await cdp.send("Performance.getMetrics");
    return (metrics.find(({ name }) => name === "JSHeapUsedSize")?.value ?? 0) / 1_000_000;
  };
  await cdp.send("Performance.enable");
  await page.evaluate(fillSlots, SLOTS, 10);
  const before = await heapMb();
  await page.evaluate(fillSlots, SLOTS, RECYCLED / SLOTS);
  const after = await heapMb();
  await page.close();
  return after - before;
}

/** @param {number[]} values @param {number} share */
function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}
/** @param {number[]} values */
function median(values) {
  return quantile(values, 0.5);
}
/** @param {number} value */
function round(value) {
  return Math.round(value * 100) / 100;
}

// What follows runs in the page's own world.

/** Makes posts out of the first one, and notes for each how long after it came into view its mark was there.
 * @param {string[]} texts */
function prepare(texts) {
  const list = /** @type {HTMLElement} */ (document.querySelector(".scaffold-finite-scroll__content"));
  const model = /** @type {HTMLElement} */ (list.querySelector("[data-id]")).cloneNode(true);
  for (const span of /** @type {Element} */ (model).querySelectorAll("span"))
    if (span.attributes.length === 0 && span.childNodes.length === 0) span.remove();
  list.replaceChildren();
  let made = 0;
  const page = /** @type {any} */ (window);
  page.waits = [];
  page.fill = (/** @type {HTMLElement} */ post) => {
    const urn = `urn:li:activity:7${String(made).padStart(18, "0")}`;
    post.dataset.id = urn;
    post.querySelector("[data-urn]")?.setAttribute("data-urn", urn);
    const body = post.querySelector(".update-components-text span[dir=ltr]");
    if (body) body.textContent = `${texts[made % texts.length]} (${made})`;
    made++;
  };
  page.add = (/** @type {number} */ count) => {
    for (let at = 0; at < count; at++) {
      const post = /** @type {HTMLElement} */ (/** @type {Node} */ (model).cloneNode(true));
      page.fill(post);
      list.append(post);
      watch(post);
    }
  };
  /** @param {HTMLElement} post */
  function watch(post) {
    let [entered, marked] = [0, 0];
    const isHost = (/** @type {Node} */ node) =>
      node instanceof HTMLSpanElement && node.attributes.length === 0 && node.childNodes.length === 0;
    const done = () => {
      if (!entered || !marked) return;
      page.waits.push(Math.max(0, marked - entered));
      sight.disconnect();
      marks.disconnect();
    };
    const sight = new IntersectionObserver((entries) => {
      if (!entered && entries.some((entry) => entry.isIntersecting)) entered = performance.now();
      done();
    });
    const marks = new MutationObserver((records) => {
      if (!marked && records.some(({ addedNodes }) => [...addedNodes].some(isHost)))
        marked = performance.now();
      done();
    });
    sight.observe(post);
    marks.observe(post, { childList: true, subtree: true });
  }
}

/** Scrolls down a frame at a time, as a wheel does, until so many posts have gone by. @param {number} posts */
async function scrollThrough(posts) {
  const page = /** @type {any} */ (window);
  let shift = 0;
  const shifts = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) shift += /** @type {any} */ (entry).value;
  });
  shifts.observe({ type: "layout-shift", buffered: false });
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  page.add(10);
  await frame();
  const started = performance.now();
  for (let count = 10; ; ) {
    window.scrollBy(0, 60);
    await frame();
    const left = document.documentElement.scrollHeight - window.scrollY - window.innerHeight;
    if (left < 1_200 && count < posts) {
      page.add(10);
      count += 10;
    } else if (left < 1) break;
  }
  const scrollMs = performance.now() - started;
  shifts.disconnect();
  return { scrollMs, shift };
}

/** Shows other items in the same elements, so many times over. @param {number} slots @param {number} times */
async function fillSlots(slots, times) {
  const page = /** @type {any} */ (window);
  const list = /** @type {HTMLElement} */ (document.querySelector(".scaffold-finite-scroll__content"));
  const missing = slots - list.children.length;
  if (missing > 0) page.add(missing);
  for (let turn = 0; turn < times; turn++) {
    for (const post of list.children) page.fill(post);
    // Time to be read, asked for and marked, as a reader takes it.
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
  await new Promise((resolve) => setTimeout(resolve, 1_000));
}
