// Watches the document: which units there are, which near the viewport, which changed, which left. One observer, no polling.

const Observe = (() => {
  /**
   * Who hears of it. `changed` is called before the browser paints, so that a recycled node never shows another item's mark.
   * @typedef {{
   *   near: (units: Element[]) => void, seen: (units: Element[]) => void, unseen: (units: Element[]) => void, ahead: (units: Element[]) => void,
   *   changed: (units: Set<Element>) => void, gone: (units: Element[]) => void, navigated: () => void, themed: () => void,
   * }} Listener
   */

  /** How far outside the viewport an item is read, px: about a second of scrolling. */
  const NEAR_PX = 800;
  /** Units read in idle time before they come near. More would be work for items nobody scrolls to. */
  const MAX_AHEAD = 60;
  /** Past this many added subtrees in one go a single sweep of the document is cheaper than one each. */
  const MAX_ROOTS = 50;
  /** Attributes that can turn one item into another, or make a unit of what was none. */
  const telling =
    "id data-urn data-id data-urn-id componentkey data-commentid href aria-label aria-pressed aria-posinset role hidden data-testid data-ad-rendering-role".split(
      " ",
    );

  /** @param {(url: string) => string} selectorFor what every unit matches at an address; "" where nothing is read
   * @param {Listener} listener */
  function start(selectorFor, listener) {
    let url = location.href;
    let selector = selectorFor(url);
    /** @type {Set<Element>} units on the page */
    const units = new Set();
    /** @type {Set<Element>} subtrees that appeared */
    const roots = new Set();
    let sweepAll = true;
    let scheduled = false;
    let pruneDue = false;
    let aheadLeft = MAX_AHEAD;
    let stopped = false;

    const options = { rootMargin: `${NEAR_PX}px 0px`, scrollMargin: `${NEAR_PX}px 0px` };
    const nearness = new IntersectionObserver((entries) => {
      const near = entries.filter((entry) => entry.isIntersecting).map((entry) => entry.target);
      for (const unit of near) nearness.unobserve(unit);
      if (near.length > 0) listener.near(near);
    }, options);
    const sight = new IntersectionObserver((entries) => {
      const [seen, unseen] = [true, false].map((is) =>
        entries.filter((entry) => entry.isIntersecting === is).map((entry) => entry.target),
      );
      if (seen.length > 0) listener.seen(seen);
      if (unseen.length > 0) listener.unseen(unseen);
    });

    /** @param {Element} unit */
    function add(unit) {
      if (units.has(unit)) return;
      units.add(unit);
      nearness.observe(unit);
      sight.observe(unit);
    }

    /** @param {Element} unit */
    function forget(unit) {
      units.delete(unit);
      nearness.unobserve(unit);
      sight.unobserve(unit);
    }

    /** Finds units in what appeared, and drops what left. */
    function settle() {
      scheduled = false;
      if (stopped) return;
      if (location.href !== url) onNavigation();
      if (pruneDue) prune();
      const found = [];
      if (selector !== "") {
        const from = sweepAll || roots.size > MAX_ROOTS ? [document.documentElement] : roots;
        for (const root of from)
          if (root?.isConnected) {
            if (root.matches(selector)) found.push(root);
            for (const unit of root.querySelectorAll(selector)) found.push(unit);
          }
      }
      sweepAll = false;
      roots.clear();
      const fresh = found.filter((unit) => !units.has(unit));
      for (const unit of fresh) add(unit);
      if (fresh.length > 0 && aheadLeft > 0) {
        const some = fresh.slice(0, aheadLeft);
        aheadLeft -= some.length;
        requestIdleCallback(() => !stopped && listener.ahead(some), { timeout: 2_000 });
      }
    }

    function prune() {
      pruneDue = false;
      const gone = [...units].filter((unit) => !unit.isConnected);
      for (const unit of gone) forget(unit);
      if (gone.length > 0) listener.gone(gone);
    }

    function schedule() {
      if (scheduled) return;
      scheduled = true;
      // Not a frame: hidden tabs have none.
      setTimeout(settle, 0);
    }

    function onNavigation() {
      url = location.href;
      aheadLeft = MAX_AHEAD;
      const next = selectorFor(url);
      if (next !== selector) {
        selector = next;
        sweepAll = true;
        const gone = [...units].filter((unit) => selector === "" || !unit.matches(selector));
        for (const unit of gone) forget(unit);
        if (gone.length > 0) listener.gone(gone);
      }
      listener.navigated();
      schedule();
    }

    const mutations = new MutationObserver((records) => {
      /** @type {Set<Element>} */
      const changed = new Set();
      for (const record of records) {
        const target = record.target instanceof Element ? record.target : record.target.parentElement;
        if (!target) continue;
        if (
          record.type === "attributes" &&
          (target === document.documentElement || target === document.body)
        ) {
          listener.themed();
          continue;
        }
        if (record.type === "childList") {
          const added = [...record.addedNodes].filter((node) => !Shield.owns(node));
          const removed = [...record.removedNodes];
          if (added.length === 0 && removed.length === 0) continue;
          for (const node of added) if (node instanceof Element && roots.size <= MAX_ROOTS) roots.add(node);
          if (removed.some((node) => node instanceof Element && !Shield.owns(node))) pruneDue = true;
        }
        if (selector === "") continue;
        // The closest match may be an inner wrapper of the unit that is known.
        let unit = target.closest(selector);
        if (unit && !units.has(unit)) roots.add(unit);
        while (unit && !units.has(unit)) unit = unit.parentElement?.closest(selector) ?? null;
        if (unit) changed.add(unit);
      }
      if (changed.size > 0) listener.changed(changed);
      if (roots.size > 0 || pruneDue || location.href !== url) schedule();
    });

    mutations.observe(document, {
      childList: true,
      subtree: true,
      characterData: true,
      attributes: true,
      attributeFilter: telling,
    });
    const themes = {
      attributes: true,
      attributeFilter: ["class", "style", "data-theme", "data-color-scheme"],
    };
    for (const root of [document.documentElement, document.body]) if (root) mutations.observe(root, themes);

    const onNavigate = () => location.href !== url && onNavigation();
    const { navigation } = window;
    navigation?.addEventListener("navigatesuccess", onNavigate);
    window.addEventListener("popstate", onNavigate);
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    scheme.addEventListener("change", listener.themed);
    schedule();

    return {
      /** @param {Element} unit to hear of once more when it is near */
      again: (unit) => {
        nearness.unobserve(unit);
        nearness.observe(unit);
      },
      stop: () => {
        stopped = true;
        mutations.disconnect();
        nearness.disconnect();
        sight.disconnect();
        navigation?.removeEventListener("navigatesuccess", onNavigate);
        window.removeEventListener("popstate", onNavigate);
        scheme.removeEventListener("change", listener.themed);
      },
    };
  }

  return { start };
})();
