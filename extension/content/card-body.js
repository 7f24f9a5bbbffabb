// What a card says of one item, built the same for the card on the page and for the side panel: verdict, reasons, facets, buttons.

const CardBody = (() => {
  /** @typedef {import("../protocol.js").Score} Score @typedef {import("../protocol.js").Label} Label */
  /**
   * What is known of the item. `author`: whom the user may exempt; `exemptId`: set once that was done;
   * `learning`: null while unknown; `show`: the item can be brought into view.
   * @typedef {{score: Score | null, text: string, label: Label | null, author: string | null, exemptId: number | null,
   *   learning: import("../protocol.js").Learning | null, show?: boolean}} Subject
   */

  const facetWords = {
    reveal: "tells of oneself",
    wisdom: "offers something to use",
    solicit: "asks a real question",
    engage: "takes up the other’s point",
  };
  const words = {
    asUnsaid: "What is it to you?",
    asSaid: (/** @type {string} */ label) => `You said ${label}.`,
    unsure: "The text does not carry a verdict either way.",
    noReasons: "No single phrase stands out.",
    unscored: "Not scored yet: the companion cannot be reached. A label is kept until it can.",
    noText: "There is no text here to judge.",
    never: (/** @type {string} */ name) => `Never mark ${name}`,
    exempt: (/** @type {string} */ name) => `${name} is no longer marked.`,
    show: "Show on the page",
  };
  /** Below this many a share would be read as more than it is; the companion says the same. */
  const ENOUGH = 10;

  const look = `
    .card { --ground: #ffffff; --raised: #f5f7f9; --text: #16212a; --quiet: #55646f; --line: #d5dce1; --ring: #0b61d8; --deep: #2f7f95; --shallow: #c9b37e;
      --chosen: #0d4a6b; --on-chosen: #ffffff; --warn: #9a4b00;
      box-sizing: border-box; position: relative; width: 300px; max-width: calc(100vw - 16px); padding: 16px; border: 1px solid var(--line); border-radius: 6px;
      background: var(--ground); color: var(--text); font: 400 13px/1.45 system-ui, sans-serif; font-variant-numeric: tabular-nums;
      outline: none; text-align: start; }
    .card.dark { --ground: #12181d; --raised: #1b242b; --text: #e8eef2; --quiet: #9fb0bc; --line: #34424c; --ring: #7db5ff; --deep: #4fa3ba; --shallow: #d9c48f;
      --chosen: #7fc4e8; --on-chosen: #12181d; --warn: #ffb374; }
    .head { display: flex; align-items: baseline; justify-content: space-between; margin: 0 0 8px; font: inherit; }
    .verdict { font-size: 15px; font-weight: 600; }
    .depth { font-size: 22px; font-weight: 600; line-height: 1; }
    .depth small { font-size: 12px; font-weight: 400; color: var(--quiet); }
    ul { list-style: none; margin: 0; padding: 0; }
    .reasons li { padding: 4px 8px; margin: 0 -8px 0 -4px; border-radius: 4px; border-inline-start: 3px solid var(--line); }
    .reasons li.substantive { border-inline-start-color: var(--deep); } .reasons li.superficial { border-inline-start-color: var(--shallow); }
    .reasons li.note { border: 0; padding-inline-start: 4px; }
    .reasons li:hover { background: var(--raised); }
    .why { display: block; }
    .quote { display: block; color: var(--quiet); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    .facets { display: grid; grid-template-columns: 1fr 76px; gap: 6px 12px; align-items: center; margin: 12px 0; padding: 12px 0;
      border-block: 1px solid var(--line); color: var(--quiet); }
    .bar { height: 4px; border-radius: 2px; background: var(--line); overflow: hidden; }
    .bar i { display: block; height: 100%; background: var(--deep); }
    .line { display: flex; justify-content: space-between; align-items: baseline; gap: 12px; min-height: 20px; margin: 0 0 6px; }
    .buttons { display: grid; grid-template-columns: 1fr 1fr; gap: 8px; }
    button { font: inherit; color: inherit; background: none; border: 1px solid var(--line); border-radius: 6px; padding: 6px 8px; min-height: 32px;
      cursor: pointer; }
    button:hover { background: var(--raised); }
    button:focus-visible { outline: 2px solid var(--ring); outline-offset: 2px; }
    button[aria-pressed="true"] { background: var(--chosen); color: var(--on-chosen); border-color: var(--chosen); }
    button.verdict-here:not([aria-pressed="true"]) { border-color: var(--deep); box-shadow: inset 0 0 0 1px var(--deep); }
    button.link { flex: none; border: 0; padding: 0; min-height: 24px; text-decoration: underline; color: var(--quiet); text-align: start; }
    button.link:hover { background: none; color: var(--text); }
    button.never { flex: 0 1 auto; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    .note { margin: 0; color: var(--quiet); }
    .warning { margin: 8px 0 0; color: var(--warn); }
    .foot { margin: 10px 0 0; padding-top: 8px; border-top: 1px solid var(--line); font-size: 12px; color: var(--quiet); }
    .foot .line { margin: 0; }`;

  /** @param {string} tag @param {string} name @param {string} [text] */
  function make(tag, name, text) {
    const element = document.createElement(tag);
    if (name) element.className = name;
    if (text !== undefined) element.textContent = text;
    return element;
  }

  /** @param {string} name @param {string} does @param {string} text */
  function button(name, does, text) {
    const element = /** @type {HTMLButtonElement} */ (make("button", name));
    const shown = make("span", "", text);
    shown.inert = true;
    element.append(shown);
    element.type = "button";
    element.dataset.does = does;
    element.setAttribute("aria-label", text);
    return element;
  }

  /** How full the gauge is drawn, as the name of a class. @param {Score | null} score */
  function levelOf(score) {
    if (!score) return "unscored";
    if (score.verdict === "unsure") return "unsure";
    return score.depth >= 67 ? "full" : score.depth >= 34 ? "half" : "low";
  }

  /** At most three reasons, each with all the words it points to. @param {Score} score */
  function reasonsOf({ evidence }) {
    const reasons = [...new Set(evidence.map(({ why }) => why))].slice(0, 3);
    return reasons.map((why) => {
      const same = evidence.filter((one) => one.why === why);
      return { why, toward: same[0].toward, evidence: same };
    });
  }

  /** @param {Score} score @param {string} text */
  function reasonsAndFacets(score, text) {
    const reasons = make("ul", "reasons");
    for (const { why, toward, evidence } of reasonsOf(score)) {
      const quotes = evidence.map(({ start, length }) => `“${text.slice(start, start + length)}”`);
      const line = make("li", toward);
      line.append(make("span", "why", why), make("span", "quote", quotes.join(", ")));
      reasons.append(line);
    }
    if (score.evidence.length === 0)
      reasons.append(make("li", "note", score.verdict === "unsure" ? words.unsure : words.noReasons));
    const facets = make("div", "facets");
    for (const [name, said] of Object.entries(facetWords)) {
      const value = Math.round(100 * score.facets[/** @type {keyof Score["facets"]} */ (name)]);
      const bar = make("span", "bar");
      const fill = make("i", "");
      fill.style.width = `${value}%`;
      bar.append(fill);
      bar.setAttribute("role", "img");
      bar.setAttribute("aria-label", `${value} of 100`);
      facets.append(make("span", "facet", said), bar);
    }
    return [reasons, facets];
  }

  /** One line on the model: its version, what it has of the user, how it does. @param {Score} score
   * @param {Subject["learning"]} learning */
  function explainModel({ model }, learning) {
    if (!learning) return `Model version ${model}`;
    const { labels, newest } = learning;
    if (labels === 0) return `Model version ${model}, none of your labels so far`;
    const own = `learned from ${labels === 1 ? "1 of your labels" : `${labels} of your labels`}`;
    const right =
      newest.n < ENOUGH
        ? `too few to say how often it is right (${newest.n})`
        : `right on ${newest.right} of the last ${newest.n}`;
    return `Model version ${learning.model}, ${own}, ${right}`;
  }

  /** Fills a card. Its buttons carry in `data-does` what they do: a label, undo, never, again or show.
   * @param {HTMLElement} card @param {Subject} subject @param {string} warning */
  function fill(card, { score, text, label, author, exemptId, learning, show }, warning) {
    const head = make("div", "head");
    head.append(make("span", "verdict", score ? score.verdict : "not scored"));
    if (score) {
      const depth = make("span", "depth");
      depth.append(make("span", "number", String(score.depth)), make("small", "", "\u00a0of 100"));
      head.append(depth);
    }
    card.replaceChildren(head);
    if (score) card.append(...reasonsAndFacets(score, text));
    else card.append(make("p", "note", text ? words.unscored : words.noText));

    const ask = make("div", "line");
    ask.append(make("span", "said", label ? words.asSaid(label) : words.asUnsaid));
    if (label) ask.append(button("link", "undo", "Undo"));
    const buttons = make("div", "buttons");
    for (const one of /** @type {Label[]} */ (["superficial", "substantive"])) {
      const choice = button(score?.verdict === one ? "verdict-here" : "", one, one);
      choice.setAttribute("aria-pressed", String(label === one));
      buttons.append(choice);
    }
    card.append(ask, buttons);
    if (warning) {
      const line = make("p", "warning", warning);
      line.setAttribute("role", "alert");
      card.append(line);
    }
    const foot = make("div", "foot");
    const more = make("div", "line");
    if (exemptId !== null)
      more.append(
        make("span", "said", words.exempt(author ?? "This author")),
        button("link", "again", "Undo"),
      );
    else if (author) more.append(button("link never", "never", words.never(author)));
    if (show) more.append(button("link", "show", words.show));
    if (more.childElementCount > 0) foot.append(more);
    if (score) foot.append(make("span", "model", explainModel(score, learning)));
    card.append(foot);
  }

  return { look, make, fill, levelOf, reasonsOf };
})();
