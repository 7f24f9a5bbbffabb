// The wire on one page: every message between page, worker and companion, and the few constants both ends must agree on.
// Content scripts are classic scripts and cannot import this file; they use its types only.

/** The companion listens on the first of these that is free; nothing else is ever probed. */
export const PORTS = [28417, 28427, 28437, 28447, 28457];
/** The version of the wire below. A companion that answers another one is told apart from one that is absent. */
export const PROTOCOL = 1;
/** Past this many items the companion refuses a batch. */
export const MAX_BATCH_ITEMS = 100;
/** Only this much of a text counts, here as in the companion. */
export const MAX_TEXT_LENGTH = 20_000;

/** The sites whose rules are packed with the extension; "web" reads any page that marks itself up. */
export const SITES = ["linkedin", "facebook", "bebee", "web"];

/** @typedef {string} Site one of SITES, or the name of a rule file of the user's own */
/** @typedef {"post" | "comment" | "reply"} Kind */
/** @typedef {"superficial" | "substantive"} Label what the user says */
/** @typedef {Label | "unsure"} Verdict what the model says */
/** @typedef {"every" | "quiet" | "panel"} Mode which marks are drawn without being asked for; panel: nothing is added to the page */

/**
 * An item as it goes to the companion: exactly the fields of companion/Item.cs. `id` is the item key (site:id).
 * @typedef {{
 *   id: string, kind: Kind, text: string, site?: Site, parent?: string, parentId?: string,
 *   author?: {name: string | null, url: string | null}, mine?: boolean, sponsored?: boolean, at?: string,
 * }} WireItem
 */

/** @typedef {{reveal: number, wisdom: number, solicit: number, engage: number}} Facets probabilities */
/** @typedef {{start: number, length: number, toward: Verdict, why: string}} Evidence a span of the text, UTF-16 offsets */
/**
 * @typedef {{
 *   id: string, depth: number, probability: number, verdict: Verdict, facets: Facets,
 *   evidence: Evidence[], language: string | null, model: string,
 * }} Score
 */

/**
 * What stands between us and the companion. `connected` is the only good one; each other names its cause.
 * @typedef {"connected" | "unknown" | "paused" | "not-paired" | "no-companion" | "other-program"
 *   | "other-companion" | "other-version" | "permission-missing" | "busy"} ConnectionState
 * @typedef {{state: ConnectionState, port: number | null, detail: string | null}} Connection
 */

// Content script -> worker. Nothing else is accepted from a page.

/** @typedef {{kind: "rules"}} RulesMessage */
/** `fade`: superficial texts are veiled until one points at them. @typedef {{on: boolean, mode: Mode, fade: boolean, drafts: boolean}} Switches */
/** @typedef {({rules: object, site: Site} & Switches) | {on: false}} RulesReply */
/** `observe`: the item has been on screen, so the companion may store it; otherwise it is only scored ahead of the scroll.
 * @typedef {{item: WireItem, hash: string, observe: boolean}} ScoreRequest */
/** @typedef {{kind: "score", requests: ScoreRequest[]}} ScoreMessage */
/** @typedef {Score | "exempt"} Judged exempt: the user never wants this author marked */
/** @typedef {{scores: (Judged | null)[], connection: Connection}} ScoreReply in the order of the requests; null: not scored */
/** @typedef {{kind: "label", id: string, item: WireItem, label: Label, at: string}} LabelMessage `id` is a ULID made at the click */
/** @typedef {{kind: "unlabel", id: string}} UnlabelMessage */
/** @typedef {{saved: true} | {saved: false, why: "full" | "storage" | "invalid"}} SavedReply */
/** What is being written, null once it is gone. Never stored. @typedef {{kind: "draft", item: WireItem | null}} DraftMessage -> DraftAnswer | null */
/** @typedef {{name: string | null, url: string | null}} Author */
/** @typedef {{kind: "exempt", author: Author}} ExemptMessage never to be marked -> ExemptReply */
/** @typedef {{kind: "unexempt", id: number}} UnexemptMessage also from our own pages -> ExemptReply */
/** `id`: the entry's, to take it back by. @typedef {{id: number | null, why?: "no-companion" | "refused"}} ExemptReply */
/** @typedef {{kind: "learning"}} LearningMessage -> Learning | null where the companion cannot be asked */
/** `newest`: of the newest labels, how many were judged right before they were learned.
 * @typedef {{model: string, labels: number, newest: {n: number, right: number}}} Learning */
/** A like the person gave just now, to the item with this key. @typedef {{kind: "reaction", id: string, at: string}} ReactionMessage */
/** Rules of the user's own that this page cannot use, and why. @typedef {{kind: "rulesRefused", why: string}} RulesRefusedMessage -> RulesReply of ours */
/** @typedef {{kind: "seen", seen: number, signs: number, page: string}} SeenMessage */
/** @typedef {{kind: "pairTicket", ticket: string}} PairTicketMessage only from http://127.0.0.1:<listed port>/connect */
/** @typedef {RulesMessage | ScoreMessage | LabelMessage | UnlabelMessage | DraftMessage | ExemptMessage | UnexemptMessage | LearningMessage | SeenMessage
 *   | ReactionMessage | RulesRefusedMessage
 *   | PairTicketMessage} ContentMessage */

// Extension page -> worker.

/** @typedef {{x: number, y: number, width: number, height: number}} Rect viewport pixels */
/**
 * @typedef {{
 *   key: string, kind: Kind, id: string | null, author: string | null, text: string, parentId: string | null,
 *   mine: boolean, sponsored: boolean, depth: number | null, verdict: Verdict | null, shown: boolean,
 *   rect: Rect | null, labelRects: Record<Label, Rect> | null,
 * }} InspectedItem
 */
/** `length`: UTF-16 units that were measured; `rect`: the meter on the page, null where none is drawn. @typedef {{depth: number, verdict: Verdict, suggestion: string | null, length: number, rect: Rect | null}} DraftReading */
/** @typedef {{on: boolean, url: string, seen: number, signs: number, items: InspectedItem[], draft: DraftReading | null, tooSlow: string[]}} TabReport
 * `tooSlow`: rules of the user's own that were switched off on this page */
/** @typedef {{kind: "inspect", tabId: number}} InspectMessage -> InspectedItem[] */
/** @typedef {{kind: "tab", tabId: number}} TabMessage -> TabReport | null */
/** @typedef {{kind: "pair", link: string}} PairMessage -> PairReply */
/** @typedef {{kind: "pairCode", code: string}} PairCodeMessage -> PairReply */
/** @typedef {{kind: "pairPending"}} PairPendingMessage -> {port: number} | null: the link waiting for consent */
/** @typedef {{kind: "pairConfirm"}} PairConfirmMessage -> PairReply */
/** @typedef {{kind: "state", probe?: boolean}} StateMessage -> WorkerState */
/** @typedef {{kind: "pause", minutes: number}} PauseMessage 0 resumes */
/** @typedef {{kind: "siteSwitch", site: Site, on: boolean}} SiteSwitchMessage */
/** @typedef {{kind: "mode", mode?: Mode, fade?: boolean}} ModeMessage */
/** @typedef {{kind: "drafts", on: boolean}} DraftsMessage whether drafts are measured */
/** @typedef {{kind: "siteOf", url: string}} SiteOfMessage -> Site | null: null where the page is not read */
/** @typedef {{kind: "outlineOf", tabId: number}} OutlineOfMessage -> string | null */
/** @typedef {{kind: "sitesToo"}} SitesTooMessage -> string[]: patterns of the sites that the user allowed */
/** @typedef {{kind: "exempted"}} ExemptedMessage -> {id: number, name: string, site: Site | null}[] | null */
/** @typedef {{kind: "openDashboard"}} OpenDashboardMessage -> {opened: boolean} */
/** @typedef {{kind: "forget"}} ForgetMessage forgets the pairing on this side */
/**
 * @typedef {InspectMessage | TabMessage | PairMessage | PairCodeMessage | PairPendingMessage | PairConfirmMessage
 *   | StateMessage | PauseMessage | SiteSwitchMessage | ModeMessage | DraftsMessage | SiteOfMessage | OutlineOfMessage | SitesTooMessage | ExemptedMessage | UnexemptMessage | OpenDashboardMessage
 *   | ForgetMessage} PageMessage
 */
/**
 * @typedef {{paired: true, words: string, port: number} | {paired: false, why: PairFailure, port: number | null}} PairReply
 * @typedef {"bad-link" | "bad-code" | "no-companion" | "other-program" | "other-version" | "ticket-gone"
 *   | "wrong-proof" | "too-many" | "permission-missing" | "nothing-pending"} PairFailure
 */
/**
 * @typedef {{
 *   connection: Connection, pausedUntil: number, mode: Mode, fade: boolean, drafts: boolean, sitesOff: Site[], waiting: number, refused: number,
 *   model: string | null, words: string | null, serverId: string | null, rejectedMessages: number,
 *   refusedRules: {file: string, reason: string}[],
 * }} WorkerState `waiting`: labels in the outbox; `refused`: labels the companion would not take
 */

// Worker -> pages of ours that are open (the side panel), each time what is written in a tab was measured; null: nothing is written there.

/** @typedef {{kind: "draftReading", tabId: number, draft: DraftReading | null}} DraftReadingMessage */

// Worker -> content script.

/** @typedef {{kind: "report"}} ReportMessage -> TabReport */
/** @typedef {{kind: "outline"}} OutlineMessage -> string: the bare structure of the page, no text, no names, no ids */
/** @typedef {{kind: "rulesChanged"}} RulesChangedMessage a newer rule file is used: begin anew */
/** @typedef {{kind: "settings"} & Switches} SettingsMessage a switch was thrown */
/** @typedef {{kind: "again"}} AgainMessage the companion is back, or another model is active: ask again */
/** @typedef {ReportMessage | OutlineMessage | RulesChangedMessage | SettingsMessage | AgainMessage} WorkerMessage */

// Side panel <-> content script, over a port that the panel opens to the tab in front of it.

/** `hash`: what the verdict was given on; what the panel says of an item counts only while it still holds.
 * @typedef {{key: string, hash: string, kind: Kind, author: string | null, text: string, mine: boolean, score: Score | null,
 *   label: Label | null, exemptId: number | null}} ScreenItem */
/** @typedef {{kind: "screen", on: boolean, seen: number, signs: number, state: ConnectionState, items: ScreenItem[]}} ScreenMessage
 *   what is on screen now, in the order of the page */
/** @typedef {{kind: "done", key: string, problem: string | null}} DoneMessage the end of an ActMessage */
/** @typedef {{kind: "act", does: "superficial" | "substantive" | "undo" | "never" | "again" | "show", key: string, hash: string}} ActMessage */

// Worker -> companion, under http://127.0.0.1:PORT/api/v1. Binary values are base64url without padding.

/** GET hello. @typedef {{product: string, protocol: number, serverId: string}} Hello */
/** POST pair. @typedef {{serverId: string, clientId: string, nonceS: string, mac: string, words: string}} PairAnswer */
/** POST session. @typedef {{serverId: string, nonceS: string, expiresInSeconds: number, mac: string}} SessionAnswer */
/** POST score {items, observe}. @typedef {{model: string, scores: Score[], exempt?: string[]}} ScoreAnswer `exempt`: ids never to be marked */
/** POST exempt {what, site, name, url}. @typedef {{exempt: {id: number, name: string, site: Site | null}[], added?: number}} ExemptAnswer */
/** POST draft: an item. @typedef {{model: string, score: Score, suggestion: string | null}} DraftAnswer */
/** POST labels {labels}. @typedef {{results: {id: string, duplicate: boolean}[], model?: string}} LabelsAnswer */
/** POST dash/ticket. @typedef {{link: string}} DashTicketAnswer */

/** The site a host belongs to, or null. @param {string} hostname @returns {Site | null} */
export function siteOf(hostname) {
  if (hostname === "linkedin.com" || hostname.endsWith(".linkedin.com")) return "linkedin";
  if (hostname === "facebook.com" || hostname.endsWith(".facebook.com")) return "facebook";
  return null;
}
