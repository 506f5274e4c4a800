// Reading from the server into the store.

import { request } from "../island/api.js";

/** @import { Boot, Entries, Listing, Opened, Own } from "../wire.js" */
/** @import { Store, View } from "./store.js" */

const NOT_FOUND = 404;
const AT_ONCE = 120;

export class Loading {
  #store;
  /** Parts that are being read: the same is not asked for twice. @type {Set<string>} */
  #busy = new Set();

  /** @param {Store} store */
  constructor(store) {
    this.#store = store;
  }

  /** Read a list from its beginning. @param {View} view */
  async list(view) {
    const outcome = await request(`/workspace/list?view=${view}`);
    if (outcome.state === "done")
      this.#store.putListing(/** @type {Listing} */ (outcome.value), true);
  }

  /** Read the next part of a list. @param {View} view */
  async moreOf(view) {
    const cursor = this.#store.lists.peek()[view]?.next;
    if (!cursor) return;
    await this.#once(`${view}/${cursor}`, async () => {
      const outcome = await request(`/workspace/list?view=${view}&cursor=${cursor}`);
      if (outcome.state === "done")
        this.#store.putListing(/** @type {Listing} */ (outcome.value), false);
    });
  }

  /** Read a conversation and the end of its transcript. @param {string} id */
  async conversation(id) {
    await Promise.all([this.opened(id), this.latest(id)]);
  }

  /** @param {string} id */
  async opened(id) {
    const outcome = await request(`/workspace/${id}/opened`);
    if (outcome.state === "done") this.#store.putOpened(/** @type {Opened} */ (outcome.value));
    else if (outcome.state === "refused" && outcome.status === NOT_FOUND) this.#store.remove(id);
  }

  /** Read the end of a transcript. @param {string} id */
  async latest(id) {
    const part = await this.#part(id, `limit=${AT_ONCE}`);
    if (part) this.#store.putPlace(part);
  }

  /** Read what is around an event, such as one that was searched for. @param {string} id @param {number} event */
  async around(id, event) {
    const part = await this.#part(id, `around=${event}&limit=${AT_ONCE}`);
    if (part) this.#store.putPlace(part);
  }

  /** Read what comes before the entries that are there. @param {string} id */
  async before(id) {
    const first = this.#ids(id)[0];
    if (first === undefined) return;
    await this.#once(`${id}<${first}`, async () => {
      const part = await this.#part(id, `before=${first}&limit=${AT_ONCE}`);
      if (part) this.#store.putEntries(part, { earlier: part.earlier });
    });
  }

  /** Read what comes after the entries that are there. @param {string} id */
  async after(id) {
    const last = this.#ids(id).at(-1) ?? 0;
    await this.#once(`${id}>${last}`, async () => {
      const part = await this.#part(id, `after=${last}&limit=${AT_ONCE}`);
      if (part) this.#store.putEntries(part, { later: part.later });
    });
  }

  /** Read names and rights again: something on the page has a name that is not known. */
  async names() {
    await this.#once("boot", async () => {
      const outcome = await request("/workspace/boot");
      if (outcome.state !== "done") return;
      this.#store.boot.value = /** @type {Boot} */ (outcome.value);
      this.#store.own.value = this.#store.boot.value.own;
    });
  }

  /** Read the reader's own state again: ratings leave the last twelve hours without an event. */
  async own() {
    const outcome = await request("/workspace/own");
    if (outcome.state === "done") this.#store.own.value = /** @type {Own} */ (outcome.value);
  }

  /** Read again whatever the page shows. */
  async all() {
    const { view, selected } = this.#store;
    const views = new Set(["mine", view.peek()]);
    await this.names();
    await Promise.all([...views].map((each) => this.list(/** @type {View} */ (each))));
    if (selected.peek()) await this.conversation(/** @type {string} */ (selected.peek()));
  }

  /** @param {string} id @param {string} query @returns {Promise<Entries | null>} */
  async #part(id, query) {
    const outcome = await request(`/workspace/${id}/entries?${query}`);
    return outcome.state === "done" ? /** @type {Entries} */ (outcome.value) : null;
  }

  /** @param {string} id */
  #ids(id) {
    return [...(this.#store.transcripts.peek().get(id)?.entries.keys() ?? [])];
  }

  /** @param {string} what @param {() => Promise<void>} read */
  async #once(what, read) {
    if (this.#busy.has(what)) return;
    this.#busy.add(what);
    try {
      await read();
    } finally {
      this.#busy.delete(what);
    }
  }
}
