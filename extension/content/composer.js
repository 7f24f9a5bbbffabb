// Owns where one writes: which editor, its text, and what it answers. Reads only; which editors count is rule data.

/** @typedef {{kind: "post" | "comment" | "reply", answered: ReadItem | null, parentKey: string | null}} Answering */
const Composer = (() => {
  const { dom } = Find;
  const value = /** @type {() => string} */ (
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value")?.get
  );
  const dialogs = "dialog,[role=dialog]";

  /** The editor a node is in, or null: none, or one whose words are private. @param {unknown} node @param {Rules} rules */
  function editorOf(node, rules) {
    const { composer } = rules;
    if (!composer || !(node instanceof Element)) return null;
    const editor = dom.closest(node, composer.editor.join(","));
    const never = composer.never.join(",");
    if (!editor || (never && dom.closest(editor, never))) return null;
    const site = Find.compile(rules);
    const holdsUnit = (/** @type {Element} */ at) =>
      [at, ...dom.all(at, site.all)].some((unit) => dom.matches(unit, site.all) && Find.classify(unit, site));
    let isKnown = Extract.unitOf(editor, rules) !== null;
    isKnown ||= Boolean(composer.within?.length && dom.closest(editor, composer.within.join(",")));
    isKnown ||= isLabelledMine(editor, rules);
    // A conversation has its messages beside its editor, and no post nearer than they are.
    for (let at = editor; isKnown && at && !holdsUnit(at); at = dom.parent(at))
      if (never && dom.all(at, never).length > 0) return null;
    return isKnown ? /** @type {HTMLElement} */ (editor) : null;
  }
  /** Whether it invites the signed-in person by name, as comment boxes outside everything else do. @param {Element} editor @param {Rules} rules */
  function isLabelledMine(editor, rules) {
    const label = `${dom.attribute(editor, "aria-label")} ${dom.attribute(editor, "aria-placeholder")}`;
    const { names } = Person.signedIn(dom.document(editor), rules, { url: location.href, layout: true });
    return names.some((/** @type {string} */ name) => name.length > 2 && label.includes(name));
  }

  /** @param {Element} editor @param {Rules} rules */
  function textOf(editor, rules, layout = true) {
    if (dom.name(editor) === "textarea")
      return ReadText.clean(Reflect.apply(value, editor, []).slice(0, 20_000));
    return ReadText.textOf([editor], { layout, cut: rules.hidden.join(",") });
  }

  /** What the editor and its controls stand in. @param {Element} editor @param {Rules} rules @returns {Element} */
  const boxOf = (editor, rules) =>
    (rules.composer?.box?.length && dom.closest(editor, rules.composer.box.join(","))) || editor;

  /** What the text in the editor answers. @param {Element} editor @param {string} text @param {Rules} rules
   * @param {(unit: Element) => ReadItem | null} read @returns {Answering} */
  function answering(editor, text, rules, read) {
    const around = Extract.unitOf(editor, rules);
    const item = around && read(around);
    if (around && item && item.kind !== "post") return toComment(item);
    const [post, root] = around && item ? [item, around] : postBeside(editor, rules, read);
    if (!post) return { kind: root ? "comment" : "post", answered: null, parentKey: null };
    const comment = commentAnswered(editor, text, /** @type {Element} */ (root), rules, read);
    return comment ? toComment(comment) : { kind: "comment", answered: post, parentKey: post.key };
  }
  /** @param {ReadItem} item @returns {Answering} */
  const toComment = (item) => ({
    kind: "reply",
    answered: item,
    parentKey: item.kind === "reply" ? item.parentKey : item.key,
  });

  /** The post whose unit does not hold the editor: the only one beside it, in the same dialog or page.
   * @param {Element} editor @param {Rules} rules @param {(unit: Element) => ReadItem | null} read @returns {[ReadItem | null, Element | null]} */
  function postBeside(editor, rules, read) {
    const site = Find.compile(rules);
    for (let at = dom.parent(editor); at; at = dom.parent(at)) {
      const posts = dom.all(at, site.all).filter((unit) => {
        const found = Find.classify(unit, site);
        return found && !found.quoted && found.unit.rule.kind === "post";
      });
      const before = posts.filter((unit) => dom.position(editor, unit) & Node.DOCUMENT_POSITION_PRECEDING);
      if (posts.length === 1 && before.length === 1) return [read(posts[0]), at];
      if (posts.length > 0) return [null, before.length > 0 ? at : null];
      if (dom.matches(at, dialogs)) break;
    }
    return [null, null];
  }

  /** The comment a reply is written to: the one named at its beginning, the one before it in a list of comments,
   * or the one it hangs from. @param {Element} editor @param {string} text @param {Element} root @param {Rules} rules
   * @param {(unit: Element) => ReadItem | null} read @returns {ReadItem | null} */
  function commentAnswered(editor, text, root, rules, read) {
    const site = Find.compile(rules);
    const isComment = (/** @type {Element} */ unit) =>
      Find.classify(unit, site)?.unit.rule.kind === "comment";
    const before = dom
      .all(root, site.all)
      .filter((unit) => dom.position(editor, unit) & Node.DOCUMENT_POSITION_PRECEDING && isComment(unit))
      .slice(-50)
      .map(read)
      .filter((item) => item !== null)
      .reverse();
    const named = before.find(({ author }) => author.length > 2 && text.startsWith(author));
    if (named) return named;
    const list = rules.composer?.list?.length ? dom.closest(editor, rules.composer.list.join(",")) : null;
    if (list) return before.find(({ element }) => dom.contains(list, element)) ?? null;
    for (let at = editor; at && at !== root; at = dom.parent(at)) {
      const previous = dom.previous(at);
      if (previous && dom.matches(previous, site.all) && isComment(previous)) return read(previous);
    }
    return null;
  }

  return { editorOf, textOf, boxOf, answering };
})();
