// Saving drafts on the server: soon after the last key, one request of a draft at a time, and again
// until it has them.

import { readPatiently, request } from "../../island/api.js";
import { keyOf, partsOf } from "./words.js";

/** @import { Signal } from "../../island/html.js" */
/** @import { Outcome } from "../../island/api.js" */
/** @import { DraftOut, Surface, WritingOut } from "../../wire.js" */
/** @import { Drafts } from "./drafts.js" */
/** @import { Words } from "./words.js" */

const [SOON_MS, LATEST_MS] = [700, 4000];
const PAUSES_MS = [2000, 5000, 15_000, 30_000];
const PATIENCE_SECONDS = 20;
const [OVERTAKEN, BY_A_PROXY] = ["draft_overtaken", "foreign"];

export class Saving {
  #drafts;
  #isLoggedOut;
  /** When each waiting draft changed first, and what will save it. @type {Map<string, { since: number, timer: number }>} */
  #waiting = new Map();
  /** @type {Set<string>} */
  #busy = new Set();
  #failures = 0;
  /** The conversation one writes in. */
  #opened = "";
  /** @type {number | undefined} */
  #again;

  /** `isLoggedOut`: nothing is tried meanwhile. @param {Drafts} drafts @param {Signal<boolean>} isLoggedOut */
  constructor(drafts, isLoggedOut) {
    this.#drafts = drafts;
    this.#isLoggedOut = isLoggedOut;
    drafts.onChange = (key) => this.#soon(key);
    document.addEventListener("visibilitychange", () => document.hidden && this.hurry());
    window.addEventListener("pagehide", () => this.hurry());
  }

  /** Read all drafts that hold something. */
  async load() {
    let cursor = "";
    do {
      const outcome = await readPatiently(`/v1/me/drafts?limit=200${cursor}`);
      if (outcome.state !== "done") return;
      const page = /** @type {{ items: DraftOut[], next: string | null }} */ (outcome.value);
      for (const draft of page.items) this.#drafts.adopt(draft);
      cursor = page.next ? `&cursor=${page.next}` : "";
    } while (cursor);
  }

  /** Read what to know before writing in a conversation, and its drafts. @param {string} conversation */
  async open(conversation) {
    this.#opened = conversation;
    const isWanted = () => this.#opened === conversation;
    const known = await readWriting(conversation, (path) => readPatiently(path, isWanted));
    if (!known) return;
    const all = this.#drafts.known;
    all.value = new Map(all.peek()).set(conversation, known);
    for (const draft of known.drafts) this.#drafts.adopt(draft);
  }

  /** A draft was changed, here or on another page: read it if it is not known. @param {string} conversation @param {Surface} surface @param {number} revision */
  heard(conversation, surface, revision) {
    const key = keyOf(conversation, surface);
    const isOwn = this.#busy.has(key) || this.#drafts.isBeingSent(key);
    if (!isOwn && revision > this.#drafts.at(key).revision) this.open(conversation);
  }

  /** Save at once whatever waits: the page may be left, or there is a connection again. */
  hurry() {
    this.#failures = 0;
    this.#all();
  }

  #all() {
    for (const key of this.#drafts.keys) if (!this.#drafts.isSaved(key)) this.#now(key);
  }

  /** @param {string} key */
  #soon(key) {
    if (this.#failures || this.#busy.has(key)) return;
    const now = performance.now();
    const before = this.#waiting.get(key);
    clearTimeout(before?.timer);
    const since = before?.since ?? now;
    const pause = Math.max(0, Math.min(SOON_MS, since + LATEST_MS - now));
    this.#waiting.set(key, { since, timer: setTimeout(() => this.#now(key), pause) });
  }

  /** @param {string} key */
  async #now(key) {
    clearTimeout(this.#waiting.get(key)?.timer);
    this.#waiting.delete(key);
    if (this.#busy.has(key) || this.#isLoggedOut.peek()) return;
    // A save that meets the text it holds would be refused; the words are kept here meanwhile.
    if (this.#drafts.isBeingSent(key)) return this.#soon(key);
    this.#busy.add(key);
    let goesOn = true;
    while (goesOn && !this.#drafts.isSaved(key)) goesOn = await this.#save(key);
    this.#busy.delete(key);
  }

  /** Try once; false: it must wait. @param {string} key @returns {Promise<boolean>} */
  async #save(key) {
    const [conversation, surface] = partsOf(key);
    const words = this.#drafts.wanted(key);
    const path = `/v1/conversations/${conversation}/drafts/${surface}`;
    const body = bodyOf(words, this.#drafts.at(key).revision);
    const outcome = await request(path, {
      ...{ method: "PUT", body, seconds: PATIENCE_SECONDS, isLasting: document.hidden },
    });
    if (outcome.state === "done") {
      const { revision } = /** @type {DraftOut} */ (outcome.value);
      this.#drafts.saved(key, words, revision);
      this.#failures = 0;
      return true;
    }
    if (outcome.state === "none" || outcome.code === BY_A_PROXY) this.#later();
    // Whatever else is refused, such as too many characters, stays here until it changes.
    return outcome.state === "refused" && outcome.code === OVERTAKEN && this.#settle(key, words);
  }

  /** @param {string} key @param {Words} tried */
  async #settle(key, tried) {
    const known = await readWriting(partsOf(key)[0]);
    const draft = known?.drafts.find((one) => keyOf(one.conversation_id, one.surface) === key);
    if (!draft) return false;
    this.#drafts.settle(draft, tried);
    return true;
  }

  #later() {
    const pause = PAUSES_MS[Math.min(this.#failures, PAUSES_MS.length - 1)];
    this.#failures += 1;
    clearTimeout(this.#again);
    this.#again = setTimeout(() => this.#all(), pause);
  }
}

/** `read`: how it is asked for. @param {string} conversation @param {(path: string) => Promise<Outcome<WritingOut>>} read @returns {Promise<WritingOut | null>} */
async function readWriting(conversation, read = request) {
  const outcome = await read(`/v1/conversations/${conversation}/writing`);
  return outcome.state === "done" ? outcome.value : null;
}

/** @param {Words} words @param {number} revision */
const bodyOf = ({ text, pictures, savedReply }, revision) => ({
  text,
  media: pictures,
  saved_reply: savedReply,
  revision,
});
