// How far the reader has read each conversation. What they see is told to the server, which tells
// their other pages.

import { request } from "../island/api.js";
import { batch, effect, signal } from "../island/html.js";
import { go } from "./route.js";

/** @import { ReadingOut } from "../wire.js" */
/** @import { Store } from "./store.js" */

const PAUSE_MS = 300;
/** How long to wait after the server could not be reached. */
const AGAIN_MS = 5000;

export class Reading {
  /** Where what is new begins in the open conversation: after this position, null for nowhere. */
  line = signal(/** @type {{ id: string, after: number } | null} */ (null));
  /** The conversation of which it is known how far it was read before. */
  ready = signal(/** @type {string | null} */ (null));
  #store;
  /** The last positions that were seen, by conversation. @type {Map<string, number>} */
  #seen = new Map();
  /** @type {Map<string, number>} */
  #timers = new Map();

  /** @param {Store} store */
  constructor(store) {
    this.#store = store;
    effect(() => {
      this.#opened(store.selected.value);
    });
  }

  /** @param {string | null} id */
  async #opened(id) {
    batch(() => {
      this.line.value = null;
      this.ready.value = null;
    });
    if (!id) return;
    const outcome = await request(`/v1/conversations/${id}/reading`);
    if (this.#store.selected.peek() !== id) return;
    const read = outcome.state === "done" ? /** @type {ReadingOut} */ (outcome.value) : null;
    const position = read?.position ?? 0;
    batch(() => {
      this.#seen.set(id, position);
      if (position) this.line.value = { id, after: position };
      this.ready.value = id;
    });
  }

  /** The reader sees a message, and with it all before it. @param {string} id @param {number} position */
  sees(id, position) {
    if (this.ready.peek() !== id || document.visibilityState !== "visible") return;
    // A list that was asked for before the server was told shows it as unread: then it is told again.
    if (position <= (this.#seen.get(id) ?? 0) && !this.#isUnread(id)) return;
    this.#seen.set(id, position);
    this.#tellIn(id, PAUSE_MS);
  }

  /** @param {string} id */
  #isUnread(id) {
    const row = this.#store.rows.peek().get(id);
    return row !== undefined && (row.is_marked_unread || row.unread > 0);
  }

  /** @param {string} id @param {number} milliseconds */
  #tellIn(id, milliseconds) {
    clearTimeout(this.#timers.get(id));
    this.#timers.set(
      id,
      setTimeout(() => this.#tell(id), milliseconds),
    );
  }

  /** There is something new that the reader does not see. @param {string} id */
  misses(id) {
    const seen = this.#seen.get(id);
    const after = this.line.peek()?.after ?? 0;
    if (seen !== undefined && seen > after) this.line.value = { id, after: seen };
  }

  /** Mark a conversation as unread, and leave it: looking at it would read it. @param {string} id */
  async mark(id) {
    clearTimeout(this.#timers.get(id));
    this.#seen.delete(id);
    if (this.#store.selected.peek() === id) go({ conversation: null });
    const outcome = await request(`/v1/conversations/${id}/unread`, { method: "PUT", body: {} });
    this.#take(outcome);
    return outcome;
  }

  /** @param {string} id */
  async #tell(id) {
    const body = { position: this.#seen.get(id) ?? 0 };
    const outcome = await request(`/v1/conversations/${id}/reading`, { method: "PUT", body });
    this.#take(outcome);
    if (outcome.state === "none" && !outcome.isLoggedOut) this.#tellIn(id, AGAIN_MS);
  }

  /** @param {import("../island/api.js").Outcome<unknown>} outcome */
  #take(outcome) {
    if (outcome.state === "done") this.#store.putReading(/** @type {ReadingOut} */ (outcome.value));
  }
}
