// Which editors are measured, what is read from them, and what they answer, on the saved pages.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pageOf, rulesOf, savedPages } from "./lib/pages.mjs";

/** Every editable on a page that is taken for a composer. @param {any} window @param {any} rules */
const composersOn = (window, rules) =>
  [...window.document.querySelectorAll("[contenteditable], textarea, input")]
    .map((node) => window.Composer.editorOf(node, rules))
    .filter((editor, at, all) => editor && all.indexOf(editor) === at);

for (const { name, html, url, site, composers } of savedPages().filter((page) => page.composers?.length > 0))
  test(`Every composer of ${name} is found, read, and knows what it answers`, () => {
    const window = pageOf(html, url);
    const rules = rulesOf(site);
    const read = (/** @type {Element} */ unit) =>
      window.Extract.readItem(unit, rules, { url, layout: false });
    const found = composersOn(window, rules).map((editor) => {
      const text = window.Composer.textOf(editor, rules, false);
      const { kind, parentKey } = window.Composer.answering(editor, text, rules, read);
      return { text, context: kind === "reply" ? "reply" : "post", parentKey };
    });
    const expected = composers.map((/** @type {any} */ { text, context, targetId }) => ({
      text,
      context,
      parentKey: `${site}:${targetId.replace("(urn:li:", "(")}`,
    }));
    assert.deepEqual(found, expected);
  });

/** @param {string} site @param {string} html @param {string} url */
const count = (site, html, url) => composersOn(pageOf(html, url), rulesOf(site)).length;

test("A message to somebody is never measured", () => {
  const facebook = "https://www.facebook.com/";
  const lexical = '<div contenteditable="true" role="textbox" data-lexical-editor="true"></div>';
  const feed = '<div role="main"><div role="feed"></div></div>';
  assert.equal(count("facebook", `${feed}<div><div role="log">hello</div>${lexical}</div>`, facebook), 0);
  assert.equal(
    count("facebook", `${feed}<div role="dialog"><div role="grid"></div>${lexical}</div>`, facebook),
    0,
  );
  assert.equal(
    count("facebook", `${feed}<div class="chat">${lexical}</div>`, facebook),
    0,
    "in no post and no dialog",
  );
  assert.equal(count("facebook", `${feed}<div role="dialog">${lexical}</div>`, facebook), 1);
  const linkedin = "https://www.linkedin.com/feed/";
  const quill = '<div class="ql-editor" contenteditable="true"></div>';
  assert.equal(count("linkedin", `<aside class="msg-overlay-container">${quill}</aside>`, linkedin), 0);
  assert.equal(count("linkedin", `<div class="msg-form__contenteditable">${quill}</div>`, linkedin), 0);
  assert.equal(
    count("linkedin", `<div class="comments-comment-box"><form>${quill}</form></div>`, linkedin),
    1,
  );
});

test("A comment box outside everything is known by the name of the person it invites", () => {
  const html = (/** @type {string} */ label) =>
    `<script>["CurrentUserInitialData",[],{"USER_ID":"77","NAME":"Ann Example"}]</script><div role="main"></div>
     <div><div contenteditable="true" role="textbox" data-lexical-editor="true" aria-placeholder="${label}"></div></div>`;
  assert.equal(count("facebook", html("Komentuj jako Ann Example"), "https://www.facebook.com/"), 1);
  assert.equal(count("facebook", html("Aa"), "https://www.facebook.com/"), 0);
});
