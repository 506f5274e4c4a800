// What the reader has written or done and the server has not confirmed yet. Each request has a key,
// so that repeating it after a lost answer does nothing twice. In each conversation one request is
// under way at a time, in the order in which they were given. They survive a reload of the tab.

import { newKey, request } from "../island/api.js";
import { signal } from "../island/html.js";

/** @import { CommandAnswer } from "../wire.js" */
/** @import { Action } from "./composer/words.js" */

/**
 * A request. `what`: "reply", "note", or what a button says. `isText`: it writes a text or a note.
 * `text`: without the signature that stands under it. `whom`: what the consumer is called. `after`: what is done once it was done;
 * null: what the saved reply says. `state`: "sending" at first; "unreached": there was no
 * connection; "in doubt": nobody knows whether it was done; "refused"; "done": the stream will bring
 * what it did. Before a refusal is read it is repeated until there is an answer. `isThere`: it stands
 * in the transcript, and is kept because something follows it.
 * @typedef {{
 *   key: string, agent: string, conversation: string, method: string, path: string, body: unknown,
 *   what: string, isText: boolean, isLater: boolean, text: string, pictures: string[], whom: string,
 *   savedReply: string | null, signature: string | null, after: Action[] | null,
 *   state: "sending" | "unreached" | "in doubt" | "refused" | "done", refused: string | null, tries: number, isThere: boolean,
 * }} Item
 */
/** @typedef {Pick<Item, "conversation" | "path" | "what"> & Partial<Item>} Given */
/**
 * What became of a request at first: it may still be on its way.
 * @typedef {{ state: "done", answer: CommandAnswer } | { state: "refused", sentence: string, code: string } | { state: "on its way" }} Result
 */

const KEPT = "outbox";
const PAUSES_MS = [1000, 2000, 4000, 8000, 15_000];

export class Outbox {
  items = signal(/** @type {Item[]} */ ([]));
  #agent;
  /** By conversation: it is being worked off. @type {Set<string>} */
  #working = new Set();
  /** How to end the pauses between attempts. @type {Map<string, () => void>} */
  #pauses = new Map();
  /** Who waits for the first result. @type {Map<string, (result: Result) => void>} */
  #waiting = new Map();
  /** What is done with a request that was done. @type {(item: Item, answer: CommandAnswer) => void} */
  onDone = () => {};
  /** What follows a request that was done, until `followed` is called. @type {(item: Item) => void} */
  onFollow = () => {};
  /** What is done with a text that was refused: true if it is dealt with. @type {(item: Item) => boolean} */
  onRefused = () => false;

  /** @param {string} agent */
  constructor(agent) {
    this.#agent = agent;
    // A person who logs in after another sends nothing in the other's name.
    const kept = /** @type {Item[]} */ (JSON.parse(sessionStorage.getItem(KEPT) ?? "[]"));
    this.items.value = kept.filter(
      (item) => item.agent === agent && (item.state !== "done" || isFollowed(item)),
    );
  }

  /** Repeat what a page of before had no answer to. */
  resume() {
    for (const item of this.items.peek()) {
      if (item.state === "done") this.onFollow(item);
      else this.#work(item.conversation);
    }
  }

  /** Give a request. It is sent after those of its conversation that have no answer yet.
   * @param {Given} given
   * @returns {Promise<Result>}
   */
  give(given) {
    const item = /** @type {Item} */ ({
      ...{
        key: newKey(),
        agent: this.#agent,
        method: "POST",
        body: undefined,
        text: "",
        pictures: [],
        savedReply: null,
        signature: null,
        after: [],
      },
      ...{ isText: false, isLater: false, whom: "", isThere: false },
      ...{ state: "sending", refused: null, tries: 0 },
      ...given,
    });
    this.#put([...this.items.peek(), item]);
    const result = new Promise((/** @type {(result: Result) => void} */ resolve) =>
      this.#waiting.set(item.key, resolve),
    );
    this.#work(item.conversation);
    return result;
  }

  /** Say whether a request stands before this one. @param {Item} item */
  isBehind(item) {
    return isOpen(item) && this.#next(item.conversation)?.key !== item.key;
  }

  /** @param {string} key */
  discard(key) {
    this.#put(this.items.peek().filter((item) => item.key !== key));
  }

  /** Take note of what has arrived in a transcript by now. @param {Iterable<string | null>} commands */
  arrived(commands) {
    const known = new Set(commands);
    const isNews = (/** @type {Item} */ item) => known.has(item.key) && !item.isThere;
    if (!this.items.peek().some(isNews)) return;
    // Without an answer it is repeated: only that leads to what follows.
    const left = this.items.peek().filter((item) => !isNews(item) || isFollowed(item));
    this.#put(left.map((item) => (isNews(item) ? { ...item, isThere: true } : item)));
  }

  /** Take note that what follows a request was given. @param {string} key */
  followed(key) {
    const item = this.items.peek().find((each) => each.key === key);
    if (!item) return;
    if (item.isThere || !item.isText) this.discard(key);
    else this.#change(key, { after: [] });
  }

  /** Repeat at once: there is a connection again. */
  hurry() {
    for (const end of this.#pauses.values()) end();
  }

  /** @param {Item[]} items */
  #put(items) {
    this.items.value = items;
    sessionStorage.setItem(KEPT, JSON.stringify(items));
  }

  /** @param {string} key @param {Partial<Item>} change */
  #change(key, change) {
    this.#put(this.items.peek().map((item) => (item.key === key ? { ...item, ...change } : item)));
  }

  /** @param {string} conversation */
  #next(conversation) {
    return this.items.peek().find((item) => isOpen(item) && item.conversation === conversation);
  }

  /** @param {string} conversation */
  async #work(conversation) {
    if (this.#working.has(conversation)) return;
    this.#working.add(conversation);
    try {
      for (let item = this.#next(conversation); item; item = this.#next(conversation)) {
        if (item.tries) await this.#pause(item);
        await this.#try(item.key);
      }
    } finally {
      this.#working.delete(conversation);
    }
  }

  /** @param {Item} item @returns {Promise<void>} */
  #pause({ key, tries }) {
    const length = PAUSES_MS[Math.min(tries, PAUSES_MS.length) - 1];
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.#pauses.delete(key);
        resolve();
      };
      const timer = setTimeout(end, length);
      this.#pauses.set(key, end);
    });
  }

  /** @param {string} key */
  async #try(key) {
    const item = this.items.peek().find((each) => each.key === key);
    if (!item) return;
    const outcome = await request(item.path, { method: item.method, body: item.body, key });
    // The stream may have brought what it did in the meantime.
    const isHere = this.items.peek().some((each) => each.key === key);
    if (outcome.state === "done") {
      if (isHere) this.#change(key, { state: "done" });
      this.#tell(key, { state: "done", answer: /** @type {CommandAnswer} */ (outcome.value) });
      this.onDone(item, /** @type {CommandAnswer} */ (outcome.value));
      if (isFollowed(item)) this.onFollow(item);
      else if (!item.isText) this.discard(key);
    } else if (outcome.state === "refused") this.#refuse(item, outcome);
    else {
      // A doubt remains until there is an answer.
      const isInDoubt = item.state === "in doubt" || outcome.isInDoubt;
      if (isHere)
        this.#change(key, { state: isInDoubt ? "in doubt" : "unreached", tries: item.tries + 1 });
      this.#tell(key, { state: "on its way" });
    }
  }

  /** @param {Item} item @param {{ sentence: string, code: string }} refusal */
  #refuse(item, { sentence, code }) {
    const refused = { ...item, state: /** @type {const} */ ("refused"), refused: sentence };
    const hasReader = this.#waiting.has(item.key) && !item.isText;
    this.#tell(item.key, { state: "refused", sentence, code });
    if (hasReader || this.onRefused(refused)) this.discard(item.key);
    else this.#change(item.key, { state: "refused", refused: sentence });
  }

  /** @param {string} key @param {Result} result */
  #tell(key, result) {
    this.#waiting.get(key)?.(result);
    this.#waiting.delete(key);
  }
}

/** Say whether something follows a request once it was done. @param {Item} item */
const isFollowed = ({ after, savedReply }) =>
  after === null ? savedReply !== null : after.length > 0;

/** Say whether a request still has to be answered. @param {Item} item */
export const isOpen = ({ state }) => state !== "refused" && state !== "done";
