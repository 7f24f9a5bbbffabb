// Finds a place for a mark: a node position that moves nothing on the page, and a free spot in the item's own box.
//
// The host is an empty, zero-sized inline box; what it shows hangs from it absolutely. In a flow of text such a box takes no room,
// and it scrolls with its surroundings even where the scroller is not positioned (LinkedIn's main). But a page's own rules may react
// to one more child (gap, :last-child, + and ~), so no position is trusted: each is measured before and after, in one layout per
// batch, and given up if anything at all moved.

const Place = (() => {
  /** @typedef {{left: number, right: number, top: number, bottom: number}} Box */
  /** @typedef {{parent: Element, before: Node | null, absolute: boolean}} Spot */
  /**
   * What is to be placed. `box`: the sized button inside the host's root.
   * @typedef {{host: HTMLElement, box: HTMLElement, unit: Element, anchor: Element | null, textElement: Element | null,
   *   setAbsolute: (absolute: boolean) => void}} Placeable
   */
  /** @typedef {{mark: Placeable, spots: Spot[]}} Job */

  /** Space kept between the mark and the ink beside it, px. */
  const GAP = 6;
  /** Half a layout unit of either browser, px: less is rounding noise of subtraction. */
  const STILL = 0.005;
  /** How far a mark may leave the middle of its line to stay inside the item, px. */
  const EDGE = 3;
  /** Nodes compared around one mark. More tells nothing new and costs time. */
  const MAX_COMPARED = 400;
  /** Positions tried for one item before it goes without a mark. */
  const MAX_SPOTS = 12;

  const links = "a,[role=link]";
  const buttons =
    "button,select,textarea,input,label,summary,option,[role=button],[role=tab],[role=menuitem],[role=textbox],[contenteditable],svg";
  const inkElements = "img,svg,video,canvas,iframe,input,textarea,button,select,object,hr,[role=button]";

  /** Places each mark or leaves it out of the page; tells which are in. @param {Placeable[]} marks @returns {Placeable[]} */
  function attach(marks) {
    const jobs = marks.map((mark) => ({ mark, spots: listSpots(mark) }));
    const [placed, left] = tryTogether(jobs.filter((job) => job.spots.length > 0));
    // Together, one bad position makes its neighbours look moved as well: the rest are tried one by one.
    for (const job of left)
      while (job.spots.length > 0 && !placed.includes(job.mark)) {
        const [now] = tryTogether([job]);
        placed.push(...now);
      }
    // After the next frame its layout is done anyway; asked now, the question would force one.
    if (placed.length > 0) requestAnimationFrame(() => setTimeout(uncover, 0, placed));
    return placed;
  }

  /** Tries the next position of each job with one layout for all. @param {Job[]} jobs @returns {[Placeable[], Job[]]} */
  function tryTogether(jobs) {
    const tries = jobs.map((job) => {
      const spot = /** @type {Spot} */ (job.spots.shift());
      const compared = listCompared(job.mark.unit, spot.parent);
      return { job, spot, compared, before: measure(job.mark.unit, compared) };
    });
    for (const { job, spot } of tries) {
      job.mark.setAbsolute(spot.absolute);
      job.mark.box.style.left = "0px";
      job.mark.box.style.top = "0px";
      spot.parent.insertBefore(job.mark.host, spot.before?.parentNode === spot.parent ? spot.before : null);
    }
    const results = tries.map(({ job, spot, compared, before }) => {
      const still = isSame(before, measure(job.mark.unit, compared));
      return { job, offset: still ? findOffset(job.mark, spot.parent) : null };
    });
    /** @type {Placeable[]} */
    const placed = [];
    const left = [];
    for (const { job, offset } of results)
      if (offset) {
        move(job.mark.box, offset);
        placed.push(job.mark);
      } else {
        job.mark.host.remove();
        left.push(job);
      }
    return [placed, left];
  }

  /** The box moves from where it is. @param {HTMLElement} box @param {{x: number, y: number}} offset */
  function move(box, { x, y }) {
    box.style.left = `${Number.parseFloat(box.style.left) + x}px`;
    box.style.top = `${Number.parseFloat(box.style.top) + y}px`;
  }

  /** The item changed its size: looks for the spot again, without touching the page's nodes. @param {Placeable[]} marks
   * @returns {Placeable[]} those that found none */
  function adjust(marks) {
    const offsets = marks.map((mark) => findOffset(mark, mark.host.parentElement));
    marks.forEach((mark, at) => {
      const offset = offsets[at];
      if (offset) move(mark.box, offset);
    });
    return marks.filter((_mark, at) => !offsets[at]);
  }

  /** Lays each veil over the item's own text, as far as its box goes. @param {(Placeable & {veil: HTMLElement})[]} marks */
  function coverTexts(marks) {
    const places = marks.map(({ host, box, unit, textElement }) => {
      const [text, now] = [textElement?.getBoundingClientRect(), box.getBoundingClientRect()];
      if (!text || !host.parentElement) return null;
      const room = roomOf(unit, host.parentElement);
      const [left, top] = [Math.max(text.left, room.left), Math.max(text.top, room.top)];
      // The box knows where the host is: it stands off it by its own left and top.
      const origin = {
        x: now.left - Number.parseFloat(box.style.left),
        y: now.top - Number.parseFloat(box.style.top),
      };
      return {
        left: `${left - origin.x}px`,
        top: `${top - origin.y}px`,
        width: `${Math.max(0, Math.min(text.right, room.right) - left)}px`,
        height: `${Math.max(0, Math.min(text.bottom, room.bottom) - top)}px`,
        // Over what is positioned, but no higher than it must: dialogs that come later stay above.
        zIndex: isPositioned(/** @type {Element} */ (textElement), unit) ? "1" : "auto",
      };
    });
    marks.forEach(({ veil }, at) => {
      Object.assign(veil.style, places[at] ?? { width: "0px" });
    });
  }

  /** @param {Element} element @param {Element} unit */
  function isPositioned(element, unit) {
    for (let at = /** @type {Element | null} */ (element); at && at !== unit; at = at.parentElement)
      if (getComputedStyle(at).position !== "static") return true;
    return false;
  }

  // Node positions

  /** Positions worth trying, from the author's name outwards. @param {Placeable} mark @returns {Spot[]} */
  function listSpots({ unit, anchor, textElement }) {
    /** @type {Spot[]} */
    const spots = [];
    /** @type {Spot[]} */
    const lastResorts = [];
    for (const start of [anchor, textElement])
      if (start && start !== unit && unit.contains(start)) {
        /** @type {Element} */
        let child = start;
        for (
          let parent = start.parentElement;
          parent && unit.contains(parent);
          parent = parent.parentElement
        ) {
          const flow = flowOf(parent, unit);
          if (flow === "text") {
            spots.push({ parent, before: child.nextSibling, absolute: false });
            if (child.nextElementSibling) spots.push({ parent, before: null, absolute: false });
          } else if (flow === "boxes" && holdsAbsolute(parent, unit))
            lastResorts.push({ parent, before: null, absolute: true });
          if (parent === unit) break;
          child = parent;
        }
      }
    for (const inside of [textElement, unit])
      if (inside && flowOf(inside, unit) === "text")
        lastResorts.push({ parent: inside, before: null, absolute: false });
    // In the author's link, where nothing but the mark hears a click on the mark.
    for (
      let inside = anchor;
      inside && inside !== unit && unit.contains(inside);
      inside = inside.parentElement
    )
      if (flowOf(inside, unit, buttons) === "text")
        lastResorts.push({ parent: inside, before: null, absolute: false });
    return [...spots, ...lastResorts].slice(0, MAX_SPOTS);
  }

  /** Whether children of an element stand in a flow of text, as boxes of their own (flex, grid), or it cannot take one.
   * @param {Element} element @param {Element} unit @param {string} [barriers] what it must not stand in
   * @returns {"text" | "boxes" | null} */
  function flowOf(element, unit, barriers = `${links},${buttons}`) {
    const barrier = element.closest(barriers);
    if (barrier && unit.contains(barrier) && barrier !== unit) return null;
    if (element.closest('[aria-hidden="true"],[inert]')) return null;
    const { display } = getComputedStyle(element);
    if (/^(block|inline|inline-block|list-item|flow-root|table-cell)$/.test(display)) return "text";
    return /^(inline-)?(flex|grid)$/.test(display) ? "boxes" : null;
  }

  /** Whether an absolute child would scroll along: it hangs from an ancestor this side of the scroller.
   * @param {Element} element @param {Element} unit */
  function holdsAbsolute(element, unit) {
    /** @type {Element | null} */
    let at = element;
    for (; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (
        style.position !== "static" ||
        style.transform !== "none" ||
        /paint|layout|strict|content/.test(style.contain)
      )
        return true;
      if (at === unit) return false;
    }
    return false;
  }

  // Has anything moved?

  /** What could move by one more child: everything in the parent, and its ancestors with their neighbours up to the item's own.
   * @param {Element} unit @param {Element} parent */
  function listCompared(unit, parent) {
    const inside = [...parent.getElementsByTagName("*")].slice(0, MAX_COMPARED);
    /** @type {Element[]} */
    const around = [];
    /** @type {Element | null} */
    let at = parent;
    for (; at; at = at.parentElement) {
      around.push(at);
      if (at.previousElementSibling) around.push(at.previousElementSibling);
      for (let next = at.nextElementSibling, n = 0; next && n < 10; next = next.nextElementSibling, n++)
        around.push(next);
      if (!unit.contains(at)) break;
    }
    return [...new Set([...inside, ...around])].filter((element) => !Shield.owns(element));
  }

  /** Positions relative to the item, so that what happens elsewhere does not count. @param {Element} unit @param {Element[]} elements */
  function measure(unit, elements) {
    const origin = unit.getBoundingClientRect();
    return elements.map((element) => {
      const rect = element.getBoundingClientRect();
      return [rect.left - origin.left, rect.top - origin.top, rect.width, rect.height];
    });
  }

  /** @param {number[][]} before @param {number[][]} after */
  const isSame = (before, after) =>
    before.every((numbers, row) =>
      numbers.every((value, column) => Math.abs(value - after[row][column]) < STILL),
    );

  // A free spot

  /** How far the box must move to stand on free ground in the item's box, or null. @param {Placeable} mark
   * @param {Element | null} parent @returns {{x: number, y: number} | null} */
  function findOffset({ box, unit, anchor, textElement }, parent) {
    const now = box.getBoundingClientRect();
    if (now.width === 0 || !parent) return null;
    const size = { width: now.width, height: now.height };
    const room = roomOf(unit, parent);
    const rightToLeft = getComputedStyle(anchor ?? textElement ?? unit).direction === "rtl";
    const name = lastLine(anchor);
    const end = lastLine(textElement);

    /** @type {{top: number, from: Box | null}[]} bands to scan, the best first: beside the name, below it, after the text, at the top */
    const bands = [];
    const centred = (/** @type {Box} */ line) => (line.top + line.bottom - size.height) / 2;
    if (name) {
      const step = Math.max(size.height, name.bottom - name.top);
      bands.push({ top: centred(name), from: name });
      for (const line of [1, 2]) bands.push({ top: centred(name) + line * step, from: null });
    }
    bands.push({ top: room.top + 2, from: null });
    if (end) bands.push({ top: centred(end), from: end });
    bands.push({ top: room.bottom - size.height - 2, from: null });

    for (const { top: wanted, from } of bands) {
      // A mark is a little higher than a line of small text: at the edge of the item it moves in by that little.
      const top = Math.min(Math.max(wanted, room.top), room.bottom - size.height);
      if (top < room.top || Math.abs(top - wanted) > EDGE) continue;
      const left = scan(inkIn(unit, top, top + size.height), room, size.width, from, rightToLeft);
      if (left !== null) return { x: left - now.left, y: top - now.top };
    }
    return null;
  }

  /** The first free left edge in a band, going the way the text reads. @param {Box[]} ink @param {Box} room
   * @param {number} width @param {Box | null} from @param {boolean} rightToLeft @returns {number | null} */
  function scan(ink, room, width, from, rightToLeft) {
    // Mirrored, right to left is left to right.
    const spans = ink.map(({ left, right }) => (rightToLeft ? [-right, -left] : [left, right]));
    spans.sort((a, b) => a[0] - b[0]);
    const [start, end] = rightToLeft ? [-room.right, -room.left] : [room.left, room.right];
    // Without a line to follow, the mark stands at the far side: that is where pages leave room.
    const first = from ? (rightToLeft ? -from.left : from.right) + GAP : null;
    if (first !== null) {
      let at = Math.max(first, start);
      for (const [left, right] of spans) if (left < at + width + 2 && right > at - GAP) at = right + GAP;
      return at + width <= end ? (rightToLeft ? -at - width : at) : null;
    }
    let at = end - width - 2;
    for (const [left, right] of spans.reverse())
      if (left < at + width + 2 && right > at - 2) at = left - GAP - width;
    return at >= start + (end - start) / 3 ? (rightToLeft ? -at - width : at) : null;
  }

  /** The item's box, less what ancestors of the mark would cut off. @param {Element} unit @param {Element} parent @returns {Box} */
  function roomOf(unit, parent) {
    const { left, right, top, bottom } = unit.getBoundingClientRect();
    const room = { left, right, top, bottom };
    /** @type {Element | null} */
    let at = parent;
    for (; at && unit.contains(at); at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.display === "contents" || style.display === "inline") continue;
      const cuts =
        style.overflowX !== "visible" ||
        style.overflowY !== "visible" ||
        style.clipPath !== "none" ||
        /paint|strict|content/.test(style.contain) ||
        style.contentVisibility === "auto";
      if (!cuts) continue;
      const rect = at.getBoundingClientRect();
      room.left = Math.max(room.left, rect.left);
      room.right = Math.min(room.right, rect.right);
      room.top = Math.max(room.top, rect.top);
      room.bottom = Math.min(room.bottom, rect.bottom);
    }
    return room;
  }

  /** The end of an element's last visible line. @param {Element | null} element @returns {Box | null} */
  function lastLine(element) {
    if (!element) return null;
    const { top, bottom } = element.getBoundingClientRect();
    const lines = inkIn(element, top, bottom, true);
    return lines.reduce(
      (last, line) =>
        !last || line.bottom > last.bottom + 2 || (line.bottom > last.bottom - 2 && line.right > last.right)
          ? line
          : last,
      /** @type {Box | null} */ (null),
    );
  }

  /** Everything a reader sees in a horizontal band of an element: lines of text, images, controls.
   * @param {Element} root @param {number} top @param {number} bottom @returns {Box[]} */
  function inkIn(root, top, bottom, textOnly = false) {
    /** @type {Box[]} */
    const ink = [];
    const range = document.createRange();
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) => {
      if (!(node instanceof Element)) return NodeFilter.FILTER_ACCEPT;
      if (Shield.owns(node)) return NodeFilter.FILTER_REJECT;
      const rect = node.getBoundingClientRect();
      if (rect.width === 0 || rect.height === 0) return NodeFilter.FILTER_SKIP; // display:contents, an empty inline or button
      if (rect.bottom <= top || rect.top >= bottom) return NodeFilter.FILTER_REJECT;
      // Text for screen readers only: a box of a pixel or so with everything else cut off.
      if ((rect.width <= 2 || rect.height <= 2) && getComputedStyle(node).overflow !== "visible")
        return NodeFilter.FILTER_REJECT;
      if (!node.matches(inkElements)) return NodeFilter.FILTER_SKIP;
      return textOnly ? NodeFilter.FILTER_SKIP : NodeFilter.FILTER_ACCEPT;
    });
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node instanceof Element) ink.push(node.getBoundingClientRect());
      else if (node.nodeValue?.trim()) {
        range.selectNodeContents(node);
        for (const rect of range.getClientRects())
          if (rect.width > 0 && rect.bottom > top && rect.top < bottom) ink.push(rect);
      }
    }
    return ink;
  }

  /** Lifts a mark over what the page lays across its items (a link stretched over a card), but not over menus and dialogs: only
   * where the author's name can be reached and the mark cannot. @param {Placeable[]} marks */
  function uncover(marks) {
    for (const { host, box, unit, anchor } of marks) {
      if (!host.isConnected) continue;
      const { left, top, width, height } = box.getBoundingClientRect();
      const [x, y] = [left + width / 2, top + height / 2];
      const hit = document.elementFromPoint(x, y);
      if (!hit || hit === host || !unit.contains(hit)) continue;
      const name = anchor?.getBoundingClientRect();
      const seen =
        name && document.elementFromPoint((name.left + name.right) / 2, (name.top + name.bottom) / 2);
      if (!seen || unit.contains(seen)) box.style.zIndex = "1";
    }
  }

  return { attach, adjust, coverTexts };
})();
