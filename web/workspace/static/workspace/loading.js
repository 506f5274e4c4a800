// Reading from the server into the store.

import { readPatiently } from "../island/api.js";
import { plain, requested, written } from "./query.js";

/** @import { Boot, Entries, Listing, Opened, Own, ViewsOut } from "../wire.js" */
/** @import { Query } from "./query.js" */
/** @import { Store } from "./store.js" */

const NOT_FOUND = 404;
/** Entries of a transcript that are read at once, and those that a conversation opens with. */
const [AT_ONCE, AT_FIRST] = [120, 50];
const JUMP_MS = 3000;
/** Parts of a list that are read on without being asked for: nobody has that many conversations. */
const MOST_PARTS = 20;

export class Loading {
  #store;
  /** Parts that are being read: the same is not asked for twice. @type {Set<string>} */
  #busy = new Set();
  /** Conversations in which another place is wanted than the end. @type {Set<string>} */
  #jumping = new Set();

  /** @param {Store} store */
  constructor(store) {
    this.#store = store;
  }

  /** Read a list from its beginning. @param {Query} query */
  async list(query) {
    const outcome = await readPatiently(
      `/workspace/list?${requested(query)}`,
      this.#isShown(query),
    );
    if (outcome.state === "done")
      this.#store.putListing(query, /** @type {Listing} */ (outcome.value), true);
  }

  /** Read the next part of a list. @param {Query} query */
  async moreOf(query) {
    const name = written(query);
    const cursor = this.#store.lists.peek()[name]?.next;
    if (!cursor) return;
    await this.#once(`${name}/${cursor}`, async () => {
      const path = `/workspace/list?${requested(query)}&cursor=${cursor}`;
      const outcome = await readPatiently(path, this.#isShown(query));
      // Begun anew meanwhile, it goes on from there.
      if (outcome.state === "done" && this.#store.lists.peek()[name]?.next === cursor)
        this.#store.putListing(query, /** @type {Listing} */ (outcome.value), false);
    });
  }

  /** Read a list to its end, such as one's own conversations. @param {Query} query */
  async whole(query) {
    await this.list(query);
    for (let parts = 0; parts < MOST_PARTS; parts++) {
      if (!this.#store.lists.peek()[written(query)]?.next) return;
      await this.moreOf(query);
    }
  }

  /** Read the named views, with the counts of their conversations. */
  async views() {
    await this.#once("views", async () => {
      const outcome = await readPatiently("/v1/views?counts=true");
      if (outcome.state === "done")
        this.#store.views.value = /** @type {ViewsOut} */ (outcome.value).items;
    });
  }

  /** Read a conversation and the end of its transcript. @param {string} id */
  async conversation(id) {
    await Promise.all([this.latest(id), this.opened(id)]);
  }

  /** @param {string} id */
  async opened(id) {
    const outcome = await readPatiently(`/workspace/${id}/opened`, this.#isOpen(id));
    if (outcome.state === "done") this.#store.putOpened(/** @type {Opened} */ (outcome.value));
    else if (outcome.state === "refused" && outcome.status === NOT_FOUND) this.#store.remove(id);
  }

  /** Read the end of a transcript. @param {string} id */
  async latest(id) {
    const part = await this.#part(id, `limit=${AT_FIRST}`);
    // Whoever went to a date meanwhile stays there.
    if (part && !this.#jumping.has(id)) this.#store.putPlace(part);
  }

  /** Show an entry, with what is around it. @param {string} id @param {number} entry */
  async show(id, entry) {
    this.#jump(id);
    const part = await this.#part(id, `around=${entry}&limit=${AT_ONCE}`);
    if (!part) return;
    this.#store.putPlace(part);
    this.#store.target.value = { conversation: id, entry };
  }

  /** Read what is around a moment; returns the first entry at it or after it, null for the end.
   * @param {string} id @param {Date} at
   */
  async at(id, at) {
    const part = await this.#part(
      id,
      `at=${encodeURIComponent(at.toISOString())}&limit=${AT_ONCE}`,
    );
    if (!part) return null;
    this.#store.putPlace(part);
    return part.entries.find((entry) => Date.parse(entry.at) >= +at)?.id ?? null;
  }

  /** Show the transcript of a moment. @param {string} id @param {Date} at */
  async jump(id, at) {
    this.#jump(id);
    const entry = await this.at(id, at);
    if (entry !== null) this.#store.target.value = { conversation: id, entry };
  }

  /** Do not go to the end of a transcript for a while. @param {string} id */
  #jump(id) {
    this.#jumping.add(id);
    // What was asked for before may still be on its way.
    setTimeout(() => this.#jumping.delete(id), JUMP_MS);
  }

  /** Read what comes before the entries that are there. @param {string} id */
  async before(id) {
    const first = this.#ids(id)[0];
    if (first === undefined) return;
    await this.#once(`${id}<${first}`, async () => {
      const part = await this.#part(id, `before=${first}&limit=${AT_ONCE}`);
      if (part) this.#store.putEntries(part, { earlier: part.earlier }, "end");
    });
  }

  /** Read what comes after the entries that are there. @param {string} id */
  async after(id) {
    const last = this.#ids(id).at(-1) ?? 0;
    await this.#once(`${id}>${last}`, async () => {
      const part = await this.#part(id, `after=${last}&limit=${AT_ONCE}`);
      if (part) this.#store.putEntries(part, { later: part.later }, "beginning");
    });
  }

  /** Read names and rights again: something on the page has a name that is not known. */
  async names() {
    await this.#once("boot", async () => {
      const outcome = await readPatiently("/workspace/boot");
      if (outcome.state !== "done") return;
      this.#store.boot.value = /** @type {Boot} */ (outcome.value);
      this.#store.own.value = this.#store.boot.value.own;
    });
  }

  /** Read the reader's own state again: ratings leave the last twelve hours without an event. */
  async own() {
    const outcome = await readPatiently("/workspace/own");
    if (outcome.state === "done") this.#store.own.value = /** @type {Own} */ (outcome.value);
  }

  /** Read again whatever the page shows. */
  async all() {
    const { query, selected } = this.#store;
    await this.names();
    await Promise.all([this.whole(plain("mine")), this.list(query.peek()), this.views()]);
    if (selected.peek()) await this.conversation(/** @type {string} */ (selected.peek()));
  }

  /** @param {string} id @param {string} query @returns {Promise<Entries | null>} */
  async #part(id, query) {
    const outcome = await readPatiently(`/workspace/${id}/entries?${query}`, this.#isOpen(id));
    return outcome.state === "done" ? /** @type {Entries} */ (outcome.value) : null;
  }

  /** One's own conversations are counted and looked through, also while another list is shown. @param {Query} query */
  #isShown(query) {
    const name = written(query);
    return () => [written(plain("mine")), written(this.#store.query.peek())].includes(name);
  }

  /** @param {string} id */
  #isOpen(id) {
    return () => this.#store.selected.peek() === id;
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
