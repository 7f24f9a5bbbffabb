// What the extension reads from the saved pages, without a browser's layout.
import assert from "node:assert/strict";
import { test } from "node:test";
import { differences, pageOf, rulesOf, savedPages } from "./lib/pages.mjs";

for (const page of savedPages())
  test(`Every item of ${page.name} is read, and nothing else`, () => {
    const window = pageOf(page.html, page.url);
    const items = window.Extract.readAll(window.document, rulesOf(page.site), {
      url: page.url,
      layout: false,
    });
    assert.deepEqual(differences(items, page.expected, { soft: true }), []);
    assert.equal(new Set(items.map((item) => item.key)).size, items.length);
    for (const item of items)
      assert.ok(item.element.matches(window.Extract.unitSelector(rulesOf(page.site), window.location)));
  });

test("Direct messages are never read", () => {
  const window = pageOf(
    '<div class="feed-shared-update-v2" data-urn="urn:li:activity:1"></div>',
    "https://www.linkedin.com/messaging/thread/1/",
  );
  assert.equal(window.Extract.unitSelector(rulesOf("linkedin"), window.location), ":not(*)");
});

test("The two spellings of a comment's id are one key", () => {
  const key = (/** @type {string} */ id) => {
    const url = "https://www.linkedin.com/feed/";
    const window = pageOf(
      `<article data-id="${id}"><a href="/in/a"><span class="comments-comment-meta__description-title">Ann</span></a></article>`,
      url,
    );
    return window.Extract.readAll(window.document, rulesOf("linkedin"), { url, layout: false })[0].key;
  };
  assert.equal(key("urn:li:comment:(urn:li:activity:1,2)"), key("urn:li:comment:(activity:1,2)"));
});

test("A card whose tools stand beside it is known by the activity that they name", () => {
  const url = "https://www.linkedin.com/feed/update/urn:li:activity:1111111111111111111/";
  const [token, other] = ["a", "b"].map((letter) => letter.repeat(43));
  const tools = (/** @type {string} */ name, /** @type {string} */ of) =>
    `<div id="${name}-replaceableCommentTools${of}FeedType_FEED_DETAIL"></div>`;
  const card = `<div componentkey="update-card-focus${token}FeedType_FEED_DETAIL"><a href="/in/ann"><div aria-label="x"><p>Ann</p></div></a>
    <button aria-expanded="false"></button><span data-testid="expandable-text-box">A text of some length</span>
    <div id="translatable-commentary-(shareId=22)"></div></div>`;
  const window = pageOf(`${tools("EgoIqtXqtLDAsMJc", other)}${card}${tools("CgoIjsejvOXquuse", token)}`, url);
  const items = window.Extract.readAll(window.document, rulesOf("linkedin"), { url, layout: false });
  assert.equal(items[0].id, "urn:li:activity:1111111111111111111");
});
