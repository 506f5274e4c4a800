// The conversations beside the board: those that pass filters, and which of them are chosen.

import { readPatiently, request } from "../../island/api.js";
import { batch, computed, effect, signal } from "../../island/html.js";
import { boardWith, filters, here, query, wanted } from "./wanted.js";

/** @import { BulkCount, ConversationOut } from "../../wire.js" */
/** @import { Signal } from "../../island/html.js" */
/** @import { BoardStore } from "../store.js" */
/** @import { Wanted } from "./wanted.js" */

const [AT_ONCE, MOST] = [50, 200];
const REFRESH_MS = 3000;

export class Listing {
  /** Null: no list is shown. @type {Signal<Wanted | null>} */
  wanted = signal(here());
  /** Null: not read yet. @type {Signal<ConversationOut[] | null>} */
  rows = signal(null);
  hasMore = signal(false);
  /** The sentence that says what refused it. */
  refused = signal(/** @type {string | null} */ (null));
  /** Ids of those chosen one by one. */
  chosen = signal(/** @type {Set<string>} */ (new Set()));
  /** All that pass the filters are chosen, also those not shown; how many; null: they are not. */
  all = signal(/** @type {BulkCount | null} */ (null));
  /** How many are chosen. */
  count = computed(() => this.all.value?.count ?? this.chosen.value.size);
  #limit = AT_ONCE;
  #asked = 0;
  /** @type {number | undefined} */
  #soon;

  /** @param {BoardStore} store */
  constructor(store) {
    if (this.wanted.peek()) this.#read();
    window.addEventListener("popstate", () => this.#go(here()));
    effect(() => {
      if (store.changes.value) this.#refreshSoon();
    });
  }

  /** Show conversations; what is left out is no filter. @param {Partial<Wanted> | null} some */
  show(some) {
    const shown = some && wanted(some);
    history.pushState(null, "", boardWith(shown));
    this.#go(shown);
  }

  /** Read what is shown again. */
  refresh() {
    if (this.wanted.peek()) this.#read();
  }

  /** Show more of them. */
  more() {
    this.#limit = Math.min(this.#limit + AT_ONCE, MOST);
    return this.#read();
  }

  /** @param {string} id */
  toggle(id) {
    const chosen = new Set(this.chosen.peek());
    if (!chosen.delete(id)) chosen.add(id);
    batch(() => {
      this.all.value = null;
      this.chosen.value = chosen;
    });
  }

  /** Choose all that are shown, or none. @param {boolean} isOn */
  choose(isOn) {
    batch(() => {
      this.all.value = null;
      this.chosen.value = new Set(isOn ? this.rows.peek()?.map((row) => row.id) : []);
    });
  }

  /** Choose all that pass the filters. */
  async chooseAll() {
    const shown = this.wanted.peek();
    if (!shown) return;
    const body = filters(shown);
    const outcome = await request("/v1/bulk-jobs/count", { method: "POST", body });
    if (shown !== this.wanted.peek()) return;
    if (outcome.state === "done") this.all.value = /** @type {BulkCount} */ (outcome.value);
    if (outcome.state === "refused") this.refused.value = outcome.sentence;
  }

  /** What is chosen, as a job takes it. */
  get selection() {
    const shown = this.wanted.peek();
    if (this.all.peek() && shown) return { filters: filters(shown) };
    return { conversations: [...this.chosen.peek()] };
  }

  /** @param {Wanted | null} shown */
  #go(shown) {
    batch(() => {
      this.wanted.value = shown;
      this.rows.value = null;
      this.refused.value = null;
      this.choose(false);
    });
    this.#limit = AT_ONCE;
    if (shown) this.#read();
  }

  #refreshSoon() {
    if (this.#soon !== undefined || !this.wanted.peek()) return;
    this.#soon = setTimeout(() => {
      this.#soon = undefined;
      if (document.visibilityState === "visible") this.refresh();
    }, REFRESH_MS);
  }

  async #read() {
    const shown = this.wanted.peek();
    if (!shown) return;
    this.#asked += 1;
    const asked = this.#asked;
    const path = `/v1/conversations?${query(shown)}&sort=longest_waiting&limit=${this.#limit}`;
    // What was asked for later has come or will.
    const isWanted = () => asked === this.#asked && shown === this.wanted.peek();
    const outcome = await readPatiently(path, isWanted);
    if (!isWanted()) return;
    if (outcome.state === "refused") this.refused.value = outcome.sentence;
    if (outcome.state === "done") this.#put(/** @type {any} */ (outcome.value));
  }

  /** @param {{ items: ConversationOut[], next: string | null }} page */
  #put({ items, next }) {
    const there = new Set(items.map((row) => row.id));
    batch(() => {
      this.refused.value = null;
      this.rows.value = items;
      this.hasMore.value = next !== null && this.#limit < MOST;
      // Who does not pass the filters any more is not what was chosen.
      this.chosen.value = new Set([...this.chosen.peek()].filter((id) => there.has(id)));
    });
  }
}
