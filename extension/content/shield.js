// Keeps what happens on our own elements away from the page: events on a host reach its owner and no listener of the page.

const Shield = (() => {
  /** @typedef {(event: Event) => void} Owner */

  /** @type {WeakMap<EventTarget, Owner>} */
  const owners = new WeakMap();
  /** @type {Set<Owner>} who wants to know what happens elsewhere, say to close a card */
  const outsiders = new Set();

  // Registered before the page runs (document_start), hence called before any listener of the page, on window even first of all.
  // Wheel and scroll pass: the page should scroll as if we were not there.
  const types = [
    ..."click auxclick dblclick contextmenu mousedown mouseup mousemove mouseover mouseout mouseenter mouseleave".split(
      " ",
    ),
    ..."pointerdown pointerup pointermove pointerover pointerout pointerenter pointerleave pointercancel".split(
      " ",
    ),
    ..."touchstart touchend touchmove keydown keyup keypress focus blur focusin focusout".split(" "),
    ..."selectstart dragstart copy toggle beforetoggle animationstart animationend animationcancel".split(
      " ",
    ),
  ];

  /** @param {Event} event */
  function dispatch(event) {
    const owner = event.target && owners.get(event.target);
    if (!owner) {
      if (event.isTrusted) for (const outsider of outsiders) outsider(event);
      return;
    }
    event.stopImmediatePropagation();
    if (event.isTrusted) owner(event); // a page can call host.click(); nothing comes of it
  }

  // The return of a page from the back-forward cache keeps listeners, so once is enough.
  for (const type of types)
    window.addEventListener(type, dispatch, { capture: true, passive: type.startsWith("touch") });

  return {
    /** @param {Element} host @param {Owner} owner hears every trusted event on the host */
    own: (host, owner) => void owners.set(host, owner),
    /** Whether an element is one of ours. @param {unknown} node */
    owns: (node) => node instanceof Element && owners.has(node),
    /** @param {Owner} outsider hears every trusted event that is not on our elements @returns {() => void} to stop */
    watch: (outsider) => {
      outsiders.add(outsider);
      return () => void outsiders.delete(outsider);
    },
  };
})();
