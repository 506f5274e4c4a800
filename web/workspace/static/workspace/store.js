// The one state of truth of the page. Every part reads signals of it; only functions here and what
// calls them (loading.js, following.js, outbox.js) change it. What comes is applied by ids, so that
// coming twice, late or out of order changes nothing.

import { batch, computed, createContext, signal, useContext } from "../island/html.js";
import { Clock } from "../island/times.js";

/** @import { Signal } from "../island/html.js" */
/** @import { Boot, ConsumerDetail, Counts, Entries, Entry, Listing, NoticeMessage, Opened, Own, Row, UpcomingOut } from "../wire.js" */

/** @typedef {"mine" | "snoozed" | "waiting" | "done" | "mentions" | "all"} View */
/**
 * A transcript. `entries`: by the ids of their events. `earlier`, `later`: there is more on the
 * server before the first or after the last one.
 * @typedef {{ entries: Map<number, { entry: Entry, asOf: number }>, earlier: boolean, later: boolean }} Transcript
 */
/**
 * What is known of a list besides its rows. `next`: the cursor of more.
 * @typedef {{ isLoaded: boolean, next: string | null }} ListState
 */

const KEPT_TRANSCRIPTS = 30;

/** @param {Boot} boot */
export function createStore(boot) {
  return new Store(boot);
}

export class Store {
  clock = new Clock();
  /** Names, lines and rights. */
  boot;
  /** @type {Signal<Own>} */
  own;
  /** @type {Signal<Counts>} */
  counts;
  /** Every conversation that is known, by id. */
  rows = signal(/** @type {Map<string, Row>} */ (new Map()));
  lists = signal(/** @type {Partial<Record<View, ListState>>} */ ({}));
  view = signal(/** @type {View} */ ("mine"));
  /** The conversation that is open on the page. */
  selected = signal(/** @type {string | null} */ (null));
  /** What is shown of open conversations, by id. */
  opened = signal(/** @type {Map<string, Opened>} */ (new Map()));
  transcripts = signal(/** @type {Map<string, Transcript>} */ (new Map()));
  /** Conversations the reader may not see any more, or never could. */
  gone = signal(/** @type {Set<string>} */ (new Set()));
  notices = signal(/** @type {NoticeMessage[]} */ ([]));
  /** The dialog that is open, and the conversation it is about. */
  dialog = signal(/** @type {{ name: string, conversation: string } | null} */ (null));
  isLoggedOut = signal(false);

  /** The rows of the list that is shown, in its order. */
  listed = computed(() => this.rowsOf(this.view.value));
  /** The open conversation, once it has been loaded. */
  current = computed(() => this.opened.value.get(this.selected.value ?? ""));
  /** Conversations offered to the reader, the first to lapse first. */
  offers = computed(() => this.#offers());

  /** @param {Boot} boot */
  constructor(boot) {
    this.boot = signal(boot);
    this.own = signal(boot.own);
    this.counts = signal(boot.counts);
    this.clock.set(boot.now);
    this.putRows(boot.offers);
  }

  get me() {
    return this.own.value.agent;
  }

  /** The rows of a list, in its order. @param {View} view */
  rowsOf(view) {
    const rows = [...this.rows.value.values()].filter((row) => this.isIn(view, row));
    return rows.sort(ORDERS[view]);
  }

  /** Say whether a conversation is in a list. @param {View} view @param {Row} row */
  isIn(view, row) {
    if (view === "mine" || view === "snoozed") {
      const isMine = row.status === "assigned" && row.agent_id === this.me.id;
      return isMine && (row.snoozed_at !== null) === (view === "snoozed");
    }
    if (view === "waiting") return row.status === "waiting";
    if (view === "done")
      return ["survey", "closed"].includes(row.status) && row.agent_id === this.me.id;
    return true;
  }

  /** Say whether the reader may take a waiting conversation. @param {Row} row */
  mayPick(row) {
    if (row.status !== "waiting") return false;
    const { may_pick: may, skills } = this.me;
    return (
      this.boot.value.supervises || (may && row.skill_id !== null && skills.includes(row.skill_id))
    );
  }

  /** Take rows; an older one never replaces a newer one. @param {Row[]} rows */
  putRows(rows) {
    const known = new Map(this.rows.peek());
    for (const row of rows) {
      const before = known.get(row.id);
      if (!before || before.as_of <= row.as_of) known.set(row.id, row);
    }
    this.rows.value = known;
  }

  /** Take a list as it is; rows that were in it and are not listed have left it.
   * @param {Listing} listing
   * @param {boolean} isFirst
   */
  putListing(listing, isFirst) {
    batch(() => {
      this.clock.set(listing.now);
      this.counts.value = listing.counts;
      const isWhole = isFirst && listing.next === null;
      if (isWhole) this.#dropOthers(listing);
      this.putRows(listing.conversations);
      const state = { isLoaded: true, next: listing.next };
      this.lists.value = { ...this.lists.peek(), [listing.view]: state };
    });
  }

  /** @param {Listing} listing */
  #dropOthers(listing) {
    const listed = new Set(listing.conversations.map((row) => row.id));
    const stays = (/** @type {Row} */ row) =>
      listed.has(row.id) || row.as_of > listing.as_of || !this.isIn(listing.view, row);
    this.rows.value = new Map([...this.rows.peek()].filter(([, row]) => stays(row)));
  }

  /** @param {Opened} opened */
  putOpened(opened) {
    const before = this.opened.peek().get(opened.conversation_id);
    if (before && before.as_of > opened.as_of) return;
    batch(() => {
      this.opened.value = new Map(this.opened.peek()).set(opened.conversation_id, opened);
      this.putRows([opened.row]);
      if (!this.gone.peek().has(opened.conversation_id)) return;
      this.gone.value = new Set(
        [...this.gone.peek()].filter((id) => id !== opened.conversation_id),
      );
    });
  }

  /** Take what a text changes of an open conversation: when what happens, and its scheduled texts.
   * @param {Row} row
   * @param {UpcomingOut[]} upcoming
   */
  putUpcoming(row, upcoming) {
    const known = this.opened.peek().get(row.id);
    if (!known || known.as_of > row.as_of) return;
    const left = new Set(row.scheduled_texts.map((text) => text.id));
    const scheduled = known.scheduled.filter((text) => left.has(text.id));
    this.putOpened({ ...known, as_of: row.as_of, row, upcoming, scheduled });
  }

  /** Take entries that the stream brought or that were read around those that are there.
   * @param {Entries} part
   * @param {{ earlier?: boolean, later?: boolean }} [edges]
   */
  putEntries(part, edges = {}) {
    const known = this.transcripts.peek().get(part.conversation_id);
    const entries = new Map(known?.entries);
    for (const entry of part.entries) {
      const before = entries.get(entry.id);
      if (!before || before.asOf <= part.as_of) entries.set(entry.id, { entry, asOf: part.as_of });
    }
    const inOrder = new Map([...entries].sort(([one], [other]) => one - other));
    const transcript = {
      entries: inOrder,
      earlier: known?.earlier ?? true,
      later: known?.later ?? false,
    };
    this.#keep(part.conversation_id, { ...transcript, ...edges });
  }

  /** Take the end of a transcript, or another place of it, instead of what was there unless both touch.
   * @param {Entries} part
   */
  putPlace(part) {
    const known = this.transcripts.peek().get(part.conversation_id);
    const ids = part.entries.map((entry) => entry.id);
    const touches = known && ids.some((id) => known.entries.has(id));
    if (!touches)
      this.#keep(part.conversation_id, { entries: new Map(), earlier: true, later: false });
    const isOlder = touches && [...known.entries.keys()].some((id) => id < (ids[0] ?? 0));
    this.putEntries(part, isOlder ? {} : { earlier: part.earlier, later: part.later });
  }

  /** @param {string} id @param {Transcript} transcript */
  #keep(id, transcript) {
    const all = new Map(this.transcripts.peek());
    all.delete(id);
    all.set(id, transcript);
    // The longest unseen ones leave.
    for (const old of [...all.keys()].slice(0, -KEPT_TRANSCRIPTS)) all.delete(old);
    this.transcripts.value = all;
  }

  /** Take what is known of a consumer now, wherever one of their numbers is shown.
   * @param {ConsumerDetail} consumer
   */
  putConsumer(consumer) {
    const numbers = new Set(consumer.numbers.map((one) => one.consumer_id));
    const { id, name, email, note, fields, revision, kept_id } = consumer;
    const told = { name, email, note, fields, revision, kept_id, numbers: consumer.numbers };
    batch(() => {
      const rows = [...this.rows.peek().values()].filter((row) => numbers.has(row.consumer.id));
      this.putRows(rows.map((row) => ({ ...row, consumer: { ...row.consumer, name, kept_id } })));
      const opened = new Map(this.opened.peek());
      for (const [key, one] of opened) {
        if (!numbers.has(one.consumer.id)) continue;
        const known = one.consumer.id === id ? consumer : { ...one.consumer, ...told };
        opened.set(key, { ...one, consumer: known });
      }
      this.opened.value = opened;
    });
  }

  /** Open a dialog by its name. @param {string} name @param {string} conversation */
  openDialog(name, conversation = "") {
    this.dialog.value = { name, conversation };
  }

  closeDialog() {
    this.dialog.value = null;
  }

  /** Forget everything but the place: the server knows less than the page, or too much happened. */
  forget() {
    batch(() => {
      for (const all of [this.rows, this.opened, this.transcripts]) all.value = new Map();
      this.gone.value = new Set();
      this.lists.value = {};
    });
  }

  /** @param {string} id */
  remove(id) {
    batch(() => {
      const rows = new Map(this.rows.peek());
      rows.delete(id);
      this.rows.value = rows;
      this.gone.value = new Set(this.gone.peek()).add(id);
    });
  }

  #offers() {
    const offers = [...this.rows.value.values()].filter(
      (row) =>
        row.offered_agent_id === this.me.id &&
        row.offer_ends_at !== null &&
        row.status === "waiting",
    );
    return offers.sort((one, other) => compare(one.offer_ends_at ?? "", other.offer_ends_at ?? ""));
  }
}

/** Compare moments or ids. @param {string} one @param {string} other */
function compare(one, other) {
  // A moment on the full second has no fraction, and a Z sorts behind a point.
  const [first, second] = [one.replace("Z", ""), other.replace("Z", "")];
  return first < second ? -1 : Number(first > second);
}

/** @param {...number} compared */
const first = (...compared) => compared.find(Boolean) ?? 0;

const NEVER = "9999";
/** @param {Row} row */
const dueAt = (row) => (row.waiting_since && (row.response_due_at ?? row.waiting_since)) || NEVER;
/** @param {Row} row */
const writtenAt = (row) => row.last_message_at ?? row.opened_at;

/** @param {Row} one @param {Row} other */
const newestFirst = (one, other) =>
  first(compare(other.opened_at, one.opened_at), compare(other.id, one.id));

/** The orders of the lists: as `domain.conversation.urgency.held_key`, the order of service, the newest first.
 * @type {Record<View, (one: Row, other: Row) => number>}
 */
const ORDERS = {
  mine: (one, other) =>
    first(
      compare(dueAt(one), dueAt(other)),
      compare(writtenAt(other), writtenAt(one)),
      compare(one.id, other.id),
    ),
  waiting: (one, other) =>
    first(
      compare(one.wait?.order ?? NEVER, other.wait?.order ?? NEVER),
      compare(one.wait?.since ?? NEVER, other.wait?.since ?? NEVER),
      compare(one.id, other.id),
    ),
  snoozed: (one, other) =>
    first(
      compare(one.snoozed_until ?? NEVER, other.snoozed_until ?? NEVER),
      compare(one.id, other.id),
    ),
  done: newestFirst,
  mentions: newestFirst,
  all: newestFirst,
};

const Context = createContext(/** @type {any} */ (null));

export const StoreProvider = Context.Provider;

/** @returns {import("./workspace.js").Workspace} */
export const useWorkspace = () => useContext(Context);
