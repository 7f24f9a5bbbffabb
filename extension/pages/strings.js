// Every English sentence of the extension's pages, in one place.

/** @typedef {import("../protocol.js").Connection} Connection @typedef {import("../protocol.js").PairReply} PairReply */
/** A title, the cause with the next step, and what the button under it does, if there is one.
 * @typedef {{title: string, text: string, action?: "allow" | "code" | "retry" | "resume" | "read"}} Explained */

/** @param {Connection} connection @param {number} pausedUntil @returns {Explained} */
export function explainConnection({ state, port, detail }, pausedUntil) {
  switch (state) {
    case "connected":
      return { title: "Connected", text: `The companion answers on port ${port}.` };
    case "unknown":
      return { title: "Looking for the companion", text: "This takes a moment." };
    case "paused":
      return {
        title: `Paused until ${clock(pausedUntil)}`,
        text: "No page is read and nothing is marked.",
        action: "resume",
      };
    case "not-paired":
      return {
        title: "Not connected yet",
        text:
          detail === "revoked"
            ? "The companion no longer knows this browser. Connect it again with a link or a code from “soundings connect”."
            : `The companion runs on port ${port}. Open the link that “soundings connect” prints, or type its code here.`,
        action: "code",
      };
    case "no-companion":
      return {
        title: "The companion is not running",
        text: "Start it with “build.cmd run”. Labels you give meanwhile are kept.",
        action: "retry",
      };
    case "other-program":
      return {
        title: `Another program answers on port ${port}`,
        text: "Quit it, or start Soundings with “--port”.",
        action: "retry",
      };
    case "other-companion":
      return {
        title: "This is not your companion",
        text:
          detail === "proof"
            ? `What answers on port ${port} could not prove that it is the companion you connected. Nothing was sent to it. Start yours, or connect again.`
            : `A Soundings answers on port ${port}, but not the one this browser was connected to. Start yours, or connect to this one.`,
        action: "code",
      };
    case "other-version":
      return {
        title: "Extension and companion differ in version",
        text: `The companion on port ${port} speaks version ${detail} of the protocol, this extension version 1. Update the older one.`,
        action: "retry",
      };
    case "permission-missing":
      return {
        title: "The browser keeps Soundings from its companion",
        text: "Allow access to 127.0.0.1, this computer itself. Nothing leaves it.",
        action: "allow",
      };
    case "busy":
      return {
        title: "The companion asks to wait",
        text: "It is busy, or was paused on its dashboard. Soundings tries again by itself.",
        action: "retry",
      };
  }
}

export const actions = {
  allow: "Allow",
  code: "Connect",
  retry: "Try again",
  resume: "Resume",
  read: "Read it again",
};

/** @param {PairReply} reply */
export function explainPairing(reply) {
  if (reply.paired) return "Connected";
  switch (reply.why) {
    case "bad-link":
      return "This is not a connect link. Run “soundings connect” for a new one.";
    case "bad-code":
      return "A code has ten letters and digits, like K7QF3-M2TXD.";
    case "no-companion":
      return "No companion answers on this computer. Start it, then run “soundings connect”.";
    case "other-program":
      return "Another program answers there. Quit it, or start Soundings with “--port”.";
    case "other-version":
      return "The companion speaks another version of the protocol. Update the older one.";
    case "ticket-gone":
      return "This link or code was used before or is older than two minutes. Run “soundings connect” for a new one.";
    case "wrong-proof":
      return "What answers there could not prove that it made this link. Nothing was connected.";
    case "too-many":
      return "Too many tries. Wait a minute, then run “soundings connect” for a new code.";
    case "permission-missing":
      return "Without access to 127.0.0.1 the extension cannot reach its companion.";
    case "nothing-pending":
      return "There is no link waiting. Run “soundings connect” and open the link it prints.";
  }
}

/** @param {import("../protocol.js").TabReport | null} report @param {string | null} siteName @param {import("../protocol.js").Mode} mode */
export function explainPage(report, siteName, mode = "every") {
  if (!siteName)
    return {
      text: "Soundings reads LinkedIn, Facebook and the sites that you allow. This page is none of them.",
      warning: false,
    };
  if (!report) return { text: `Reload this page: it was open before Soundings was.`, warning: false };
  if (!report.on) return { text: `${siteName} is not read now.`, warning: false };
  if (report.seen === 0 && report.signs > 0)
    return {
      text: `I recognise 0 of about ${posts(report.signs)} here. The page may have changed its build.`,
      warning: true,
      blind: true,
    };
  if (report.seen === 0) return { text: "Nothing to measure on this page so far.", warning: false };
  if (mode === "panel")
    return { text: `${items(report.seen)} known here, listed in the side panel.`, warning: false };
  const marked = report.items.filter((item) => item.shown).length;
  return { text: `${items(report.seen)} known here, ${marked} marked.`, warning: false };
}

/** @param {{file: string, reason: string}[]} refused @param {string[]} tooSlow */
export const explainRules = (refused, tooSlow) =>
  [
    ...refused.map(
      ({ file, reason }) => `The rules in ${file} are not used: ${reason}. Those before it stay.`,
    ),
    ...tooSlow.map((name) => `The rule “${name}” is too slow for this page and was switched off.`),
  ].join(" ");

export const outlineWords = {
  copied:
    "Copied: tags, names of attributes and roles of this page. No text, no names, no ids. Paste it where its rules are mended.",
  failed: "The page did not answer. Reload it and try again.",
};

export const otherSiteWords = {
  stop: "Stop reading",
  /** @param {string} host */
  stopFor: (host) => `Stop reading ${host}`,
  noAddress: "Type the address of a site, like bebee.com.",
  refused: "The browser did not allow it.",
};

export const modeWords = {
  every: { title: "Every item", about: "A mark beside each post, comment and reply." },
  quiet: { title: "Quiet", about: "Marks on substantive texts; on the others when you point at them." },
  panel: { title: "Side panel", about: "Nothing is added to the page. A panel lists what is on screen." },
  open: "Open the side panel",
};

export const exemptWords = {
  /** @param {string} name @param {import("../protocol.js").Site | null} site */
  who: (name, site) => (site ? `${name}, ${nameOf(site)}` : name),
  again: "Mark again",
  /** @param {string} name */
  againFor: (name) => `Mark ${name} again`,
};

export const panelWords = {
  away: "no longer on screen",
  lost: "Not done: this page was reloaded or closed. Try again.",
  /** @param {import("../protocol.js").ScreenItem} item */
  said: ({ score, label }) =>
    `${score ? `depth ${score.depth}, ${score.verdict}` : "not scored"}${label ? `, you said ${label}` : ""}`,
  /** @param {import("../protocol.js").DraftReading} draft */
  draft: ({ depth, verdict }) => `Your draft: ${depth}, ${verdict}.`,
  nobody: "Unnamed",
  mine: "you",
};

/** Why the panel's list is empty, or what stands in its way; null: nothing does.
 * @param {import("../protocol.js").WorkerState} state @param {import("../protocol.js").Site | null} site
 * @param {import("../protocol.js").ScreenMessage | null} screen null: the page does not answer @returns {Explained | null} */
export function explainPanel({ connection, pausedUntil, sitesOff }, site, screen) {
  if (connection.state === "paused") return explainConnection(connection, pausedUntil);
  if (!site) return { title: "Nothing to read here", text: explainPage(null, null).text };
  const name = nameOf(site);
  if (sitesOff.includes(site))
    return { title: `${name} is not read`, text: "You switched this site off.", action: "read" };
  if (!["connected", "unknown"].includes(connection.state)) return explainConnection(connection, pausedUntil);
  if (!screen) return { title: "This page cannot be read yet", text: explainPage(null, name).text };
  if (screen.items.length > 0) return null;
  if (screen.seen > 0) return { title: "Nothing here", text: "No post or comment is on screen. Scroll on." };
  const { text, warning } = explainPage({ ...screen, url: "", items: [], draft: null, tooSlow: [] }, name);
  return { title: warning ? `${name} may have changed` : "Nothing here", text };
}

/** @param {number} count */
const items = (count) => (count === 1 ? "1 item" : `${count} items`);
/** @param {number} count */
const posts = (count) => (count === 1 ? "1 post" : `${count} posts`);

/** @param {number} waiting @param {number} refused */
export function explainOutbox(waiting, refused) {
  const parts = [];
  if (waiting > 0)
    parts.push(
      `${waiting === 1 ? "1 label waits" : `${waiting} labels wait`} for the companion and will not be lost.`,
    );
  if (refused > 0)
    parts.push(`${refused === 1 ? "1 label was" : `${refused} labels were`} refused by the companion.`);
  return parts.join(" ");
}

/** @param {number} epochMs */
export const clock = (epochMs) =>
  new Date(epochMs).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });

/** @type {Record<string, string>} */
const siteNames = { linkedin: "LinkedIn", facebook: "Facebook", bebee: "beBee", web: "this page" };
/** @param {import("../protocol.js").Site} site */
export const nameOf = (site) => siteNames[site] ?? site;
