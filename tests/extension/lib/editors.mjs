// The sites' real editors (Quill, ProseMirror, Lexical) on saved pages: their modules are served from the site's own address.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const modules = fileURLToPath(new URL("../../node_modules/", import.meta.url));
const prefix = "/npm/";

/** The file a bare name stands for, below node_modules. @param {string} specifier */
function fileOf(specifier) {
  const [name, sub] = /^((?:@[^/]+\/)?[^/]+)(?:\/(.+))?$/.exec(specifier)?.slice(1) ?? [];
  const { exports, module, main } = JSON.parse(readFileSync(join(modules, name, "package.json"), "utf8"));
  /** @param {any} choice @returns {string} */
  const pick = (choice) =>
    typeof choice === "string" ? choice : pick(choice.production ?? choice.import ?? choice.default);
  const found = exports ? pick(exports[sub ? `./${sub}` : "."] ?? exports) : (module ?? main);
  return join(name, found).replaceAll("\\", "/");
}

/** Answers what the editors' modules ask for; bare names are written out as addresses. @param {string} url */
export function editorFiles(url) {
  const { pathname } = new URL(url);
  if (!pathname.startsWith(prefix)) return null;
  const path = pathname.slice(prefix.length);
  const body = readFileSync(join(modules, path), "utf8").replace(
    /(\bfrom\s*|\bimport\s*)(["'])([^"'\n]+)\2/g,
    (_whole, before, quote, specifier) =>
      `${before}${quote}${prefix}${specifier.startsWith(".") ? join(dirname(path), specifier) : fileOf(specifier)}${quote}`,
  );
  return { contentType: "text/javascript", body };
}

/** @param {string} specifier */
const at = (specifier) => `${prefix}${fileOf(specifier)}`;

/**
 * Makes a real editor of the one in a saved page. `window.replica` then holds `text()`, what the editor's own model says, and `clear()`,
 * what a site does once a comment is sent.
 * @type {Record<"quill" | "prosemirror" | "lexical", (selector: string) => string>}
 */
export const mount = {
  quill: (selector) => `
    <script src="${prefix}quill/dist/quill.js"></script>
    <script type="module">
      const holder = document.querySelector(${JSON.stringify(selector)}).closest(".ql-container");
      holder.replaceChildren();
      const quill = new Quill(holder, { modules: { toolbar: false } });
      quill.root.setAttribute("role", "textbox");
      window.replica = { text: () => quill.getText().trimEnd(), clear: () => quill.setContents([]), editor: () => quill.root };
    </script>`,
  prosemirror: (selector) => `
    <script type="module">
      import { EditorState } from "${at("prosemirror-state")}";
      import { EditorView } from "${at("prosemirror-view")}";
      import { schema } from "${at("prosemirror-schema-basic")}";
      import { keymap } from "${at("prosemirror-keymap")}";
      import { history } from "${at("prosemirror-history")}";
      import { baseKeymap } from "${at("prosemirror-commands")}";
      const old = document.querySelector(${JSON.stringify(selector)});
      const holder = old.parentElement;
      const label = old.getAttribute("aria-label");
      holder.replaceChildren();
      const fresh = () => EditorState.create({ schema, plugins: [history(), keymap(baseKeymap)] });
      const view = new EditorView(holder, { state: fresh(), attributes: { role: "textbox", "aria-label": label } });
      window.replica = {
        text: () => view.state.doc.textBetween(0, view.state.doc.content.size, "\\n"),
        clear: () => view.updateState(fresh()),
        editor: () => view.dom,
      };
    </script>`,
  lexical: (selector) => `
    <script>window.process = { env: { NODE_ENV: "production" } };</script>
    <script type="module">
      import { createEditor, $getRoot, CLEAR_EDITOR_COMMAND } from "${at("lexical")}";
      import { registerRichText } from "${at("@lexical/rich-text")}";
      import { createEmptyHistoryState, registerHistory } from "${at("@lexical/history")}";
      const root = document.querySelector(${JSON.stringify(selector)});
      root.replaceChildren();
      const editor = createEditor({ onError: (error) => { throw error; } });
      editor.setRootElement(root);
      registerRichText(editor);
      registerHistory(editor, createEmptyHistoryState(), 300);
      window.replica = {
        text: () => editor.getEditorState().read(() => $getRoot().getTextContent()),
        clear: () => editor.update(() => $getRoot().clear().selectEnd()),
        editor: () => root,
      };
    </script>`,
};
