// Owns who is who: a person's identifier in a profile address, who is signed in, and whether an author is that person.

const Person = (() => {
  const { dom } = Find;
  const { clean } = ReadText;

  /** @param {Rules} rules @param {string|null} url @returns {string|null} */
  function profileOf(rules, url) {
    for (const pattern of url ? rules.profile : []) {
      const id = Find.capture(/** @type {string} */ (url), pattern);
      if (id) return Find.percentDecode(id).toLowerCase();
    }
    return null;
  }

  /** @param {any} me @returns {string[]} */
  const idsOf = (me) => [me.slug, me.id].filter(Boolean).map((/** @type {string} */ id) => id.toLowerCase());
  /** Whether a profile is surely somebody else's. @param {{profile: string|null, me: any}} who */
  const isOther = ({ profile, me }) =>
    profile !== null &&
    !idsOf(me).includes(profile) &&
    idsOf(me).some((id) => /^\d+$/.test(id) === /^\d+$/.test(profile));

  /** @param {{author: string, profile: string|null, me: any, names: string[], labels: string[]}} who */
  function isMe({ author, profile, me, names, labels }) {
    if (profile && idsOf(me).includes(profile)) return true;
    // A name only counts where no identifier of the same sort says otherwise: namesakes exist.
    if (isOther({ profile, me })) return false;
    if (names.includes(author)) return true;
    return (
      author.includes(" ") &&
      labels.some((label) => {
        const at = label.indexOf(author);
        return (
          at >= 0 &&
          !/[\p{L}\p{N}]/u.test(label.slice(0, at).slice(-1) + label.slice(at + author.length).slice(0, 1))
        );
      })
    );
  }

  /** @type {WeakMap<Document, {me: any, names: string[], labels: string[], tries: number}>} */
  const people = new WeakMap();
  /** Who is signed in, as far as the page says. @param {Document} document @param {Rules} rules @param {ReadContext} context */
  function signedIn(document, rules, context) {
    let known = people.get(document);
    if (!known || (known.tries < 5 && known.names.length === 0)) {
      /** @type {any} */
      const me = {};
      const tries = (known?.tries ?? 0) + 1;
      for (const selector of rules.me.links ?? []) {
        const link = dom.all(document, selector)[0];
        if (link && !me.slug) me.slug = profileOf(rules, dom.attribute(link, "href")) ?? undefined;
      }
      const script =
        rules.me.script &&
        dom.all(document, "script").find((element) => dom.text(element).includes(rules.me.script.contains));
      if (script) {
        const text = dom.text(script);
        const from = text.indexOf(rules.me.script.contains);
        const part = text.slice(from, from + 2000);
        me.id = Find.capture(part, rules.me.script.id) ?? undefined;
        const name = Find.capture(part, rules.me.script.name);
        if (name) me.name = unescapeJson(name);
      }
      const read = (/** @type {any[]} */ recipes) =>
        (recipes ?? [])
          .flatMap(({ select, attribute }) =>
            dom
              .all(document, select.join(","))
              .slice(0, 5)
              .map((hit) =>
                clean(attribute ? (dom.attribute(hit, attribute) ?? "") : dom.text(hit).slice(0, 200)),
              ),
          )
          .filter(Boolean);
      known = {
        me,
        names: [...(me.name ? [me.name] : []), ...read(rules.me.names)],
        labels: read(rules.me.labels),
        tries,
      };
      people.set(document, known);
    }
    const { me = {} } = context;
    return {
      me: { ...known.me, ...me },
      names: me.name ? [...known.names, me.name] : known.names,
      labels: known.labels,
    };
  }
  /** @param {string} text */
  function unescapeJson(text) {
    try {
      return JSON.parse(`"${text}"`);
    } catch {
      return text; // the page's own escapes, when they are not JSON's, are kept as they are
    }
  }

  return { profileOf, signedIn, isMe, isOther };
})();
