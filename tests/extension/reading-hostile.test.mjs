// Pages that mean harm: whatever they hold, reading them stays short and gives what a person sees.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pageOf, rulesOf, savedPages } from "./lib/pages.mjs";

const url = "https://www.linkedin.com/feed/";
/** @param {string} text */
const post = (text) =>
  `<div class="feed-shared-update-v2" data-urn="urn:li:activity:7000000000000000001"><div class="update-components-actor">
  <span class="update-components-actor__title">Ann Example</span></div>
  <div class="feed-shared-update-v2__description"><div class="update-components-text">${text}</div></div></div>`;
/** @param {string} html */
function read(html) {
  const window = pageOf(html, url);
  return window.Extract.readAll(window.document, rulesOf("linkedin"), { url, layout: false });
}

test("Form controls that shadow a form's properties do not mislead the reader", () => {
  const names = [
    "textContent",
    "getAttribute",
    "parentElement",
    "firstChild",
    "closest",
    "matches",
    "nodeType",
  ];
  const [item] = read(
    `<form>${names.map((name) => `<input name="${name}">`).join("")}${post("seen <input name=firstChild>too")}</form>`,
  );
  assert.equal(item.text, "seen too");
});

test("A text is cut at 20,000 characters between graphemes", () => {
  const [item] = read(post(`x${"👩‍🔧".repeat(8000)}`));
  assert.ok(item.text.length <= 20_000 && item.text.length > 19_900, `${item.text.length} characters`);
  assert.ok(item.text.endsWith("👩‍🔧"));
});

test("Markup in a text stays text and is decoded once", () => {
  const [item] = read(
    post("&lt;script&gt;alert(1)&lt;/script&gt; &amp;lt; <style>p{}</style><noscript>no</noscript>"),
  );
  assert.equal(item.text, "<script>alert(1)</script> &lt;");
});

test("A unit that was emptied, and one not filled yet, are no items", () => {
  const window = pageOf(post("text"), url);
  const rules = rulesOf("linkedin");
  const context = { url, layout: false };
  const element = window.document.querySelector("[data-urn]");
  assert.equal(window.Extract.readItem(element, rules, context).text, "text");
  const inside = element.innerHTML;
  element.innerHTML = "";
  assert.equal(window.Extract.readItem(element, rules, context), null);
  element.setAttribute("data-urn", "urn:li:activity:7000000000000000002");
  element.innerHTML = inside.replace("text<", "another<").replace("Ann", "Ben");
  const again = window.Extract.readItem(element, rules, context);
  assert.deepEqual(
    [again.id, again.author, again.text],
    ["urn:li:activity:7000000000000000002", "Ben Example", "another"],
  );
});

test("From any node inside a unit one comes to the unit itself, past its inner twins", () => {
  const key = "replaceableComment_urn:li:comment:(urn:li:activity:1,2)";
  const window = pageOf(
    `<div id="outer" componentkey="${key}"><div componentkey="${key}"><a href="/in/a"><p id="name">Ann</p></a></div></div>`,
    url,
  );
  const node = window.document.querySelector("#name").firstChild;
  assert.equal(window.Extract.unitOf(node, rulesOf("linkedin")).id, "outer");
});

for (const page of savedPages())
  test(`The outline of ${page.name} holds no word, no name and no id of anybody`, () => {
    const window = pageOf(page.html, page.url);
    const outline = window.Extract.outline(window.document.body);
    assert.ok(outline.split("\n").length > 10);
    assert.doesNotMatch(outline, /\d{3}|[A-Za-z0-9]{20}|replica/);
    for (const { author, text, id } of page.expected)
      for (const secret of [
        author,
        id,
        ...text.split(/\s+/).filter((/** @type {string} */ word) => word.length > 9),
      ])
        if (secret) assert.ok(!outline.includes(secret), `"${secret}" is in the outline`);
  });
