// Tells whether the extension took the one-time link, and what to do if none did. The extension's content script takes it by emptying the fragment.
"use strict";

const extensionWaitMs = 3000;
const fragment = new URLSearchParams(location.hash.slice(1));

/** @param {string} id */
const show = (id) => { document.getElementById(id).hidden = false; };

/** @param {string} text */
const say = (text) => { document.getElementById("state").textContent = text; };

if (!fragment.has("t")) {
  // Either the extension was quicker than this script, or there was no link: the page cannot tell, so it says what to do in both cases.
  say("This page holds no link (any more).");
  show("taken");
  show("bare");
} else {
  setTimeout(() => {
    if (location.hash === "") {
      say("Found.");
      show("taken");
      return;
    }
    say("No Soundings extension answered in this browser.");
    show("help");
    const code = fragment.get("code");
    if (code) {
      document.getElementById("code").textContent = code;
      show("typed");
      document.getElementById("untyped").hidden = true;
    }
  }, extensionWaitMs);
}
