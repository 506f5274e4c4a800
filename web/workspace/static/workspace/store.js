// The one state of truth of the page. Every part reads signals of it; only functions here and what
// calls them (loading.js, following.js, outbox.js) change it. What comes is applied by ids, so that
// coming twice, late or out of order changes nothing.

import { batch, computed, createContext, signal, useContext } from "../island/html.js";
import { Clock } from "../island/times.js";
import { compare, comparing, isTimed, isUnread, passes, plain, written } from "./query.js";

/** @import { Signal } from "../island/html.js" */
/** @import { Boot, ConsumerDetail, Counts, Entries, Entry, Listing, NoticeMessage, Opened, Own, ReadingOut, Row, UpcomingOut, ViewOut } from "../wire.js" */
/** @import { Query } from "./query.js" */

/** @typedef {import("./query.js").View} View */
/**
 * The part of a transcript that the page has. `entries`: by the ids of their events. `earlier`,
 * `later`: there is more on the server before the first or after the last one. `heard`: the last
 * entry that was told, whether it is here or not.
 * @typedef {{ entries: Map<number, { entry: Entry, asOf: number }>, earlier: boolean, later: boolean, heard: number }} Transcript
 */
/**
 * What is known of a list besides its rows. `next`: the cursor of more. `last`: the last row that
 * was read, as it was then: what comes behind it has not been read. `ids`: of the rows read.
 * @typedef {{ isLoaded: boolean, next: string | null, last: Row | null, ids: ReadonlySet<string> }} ListState
 */

const KEPT_TRANSCRIPTS = 30;
/** Entries of one transcript that are on the page at once, however long it is. */
const MOST_ENTRIES = 480;

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
  /** Lists by their queries. */
  lists = signal(/** @type {Record<string, ListState | undefined>} */ ({}));
  /** What the list that is shown asks for. */
  query = signal(/** @type {Query} */ (plain("mine")));
  view = computed(() => this.query.value.view);
  /** Named views, in the reader's order. */
  views = signal(/** @type {ViewOut[]} */ ([]));
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
  /** Conversations that were open, the last one first. */
  recent = signal(/** @type {string[]} */ ([]));
  /** The entry that the open transcript is to show. */
  target = signal(/** @type {{ conversation: string, entry: number } | null} */ (null));
  isLoggedOut = signal(false);

  /** The rows of the list that is shown, in its order. */
  listed = computed(() => this.rowsOf(this.query.value));
  /** How many conversations the reader has not read. */
  unread = computed(
    () => [...this.rows.value.values()].filter((row) => isUnread(row, this.me)).length,
  );
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

  /** The rows of a list, in its order, as far as it has been read. @param {Query} query */
  rowsOf(query) {
    const [state, order] = [this.lists.value[written(query)], comparing(query)];
    const rows = [...this.rows.value.values()].filter((row) => this.isIn(query, row));
    rows.sort(order);
    const { next, last } = state ?? { next: null, last: null };
    return next && last ? rows.filter((row) => order(row, last) <= 0) : rows;
  }

  /** Say whether a conversation is in a list. @param {Query} query @param {Row} row */
  isIn(query, row) {
    if (query.view === "mentions" && !this.lists.value[written(query)]?.ids.has(row.id))
      return false; // only the server knows what is in notes
    const now = isTimed(query) ? this.clock.quarter.value : 0;
    return passes(query, row, this.me, now);
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
      if (before && before.as_of > row.as_of) continue;
      // What several readers are told says nothing of one's own mark.
      const mark = row.is_marked_unread ?? before?.is_marked_unread ?? null;
      known.set(row.id, { ...row, is_marked_unread: mark });
    }
    this.rows.value = known;
  }

  /** Take a part of a list; rows that should be in it and are not listed have left it.
   * @param {Query} query @param {Listing} listing @param {boolean} isFirst
   */
  putListing(query, listing, isFirst) {
    const { conversations: rows, next } = listing;
    const before = isFirst ? undefined : this.lists.peek()[written(query)];
    batch(() => {
      this.clock.set(listing.now);
      this.counts.value = listing.counts;
      if (!isTimed(query)) this.#dropOthers(query, listing, before?.last ?? null);
      this.putRows(rows);
      const ids = new Set([...(before?.ids ?? []), ...rows.map((row) => row.id)]);
      const last = rows.at(-1) ?? before?.last ?? null;
      const state = { isLoaded: true, next, last, ids };
      this.lists.value = { ...this.lists.peek(), [written(query)]: state };
    });
  }

  /** @param {Query} query @param {Listing} listing @param {Row | null} from */
  #dropOthers(query, { conversations: rows, next, as_of: asOf }, from) {
    const [order, listed] = [comparing(query), new Set(rows.map((row) => row.id))];
    const to = next ? rows.at(-1) : undefined;
    const isHere = (/** @type {Row} */ row) =>
      (!from || order(row, from) > 0) && (!to || order(row, to) <= 0);
    const stays = (/** @type {Row} */ row) =>
      listed.has(row.id) ||
      row.as_of > asOf ||
      row.id === this.selected.peek() ||
      !passes(query, row, this.me, 0) ||
      query.view === "mentions" ||
      !isHere(row);
    this.rows.value = new Map([...this.rows.peek()].filter(([, row]) => stays(row)));
  }

  /** Take how far the reader has read a conversation. @param {ReadingOut} reading */
  putReading({ conversation_id: id, unread, is_marked: isMarked }) {
    const row = this.rows.peek().get(id);
    if (row) this.putRows([{ ...row, unread, is_marked_unread: isMarked }]);
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

  /** Take entries that the stream brought. What comes behind a part that shows an earlier place is
   * read when the reader gets there.
   * @param {Entries} part
   */
  hearEntries(part) {
    const known = this.transcripts.peek().get(part.conversation_id);
    if (!known) return;
    const heard = Math.max(known.heard, part.entries.at(-1)?.id ?? 0);
    const entries = known.later
      ? part.entries.filter(({ id }) => known.entries.has(id))
      : part.entries;
    this.#keep(part.conversation_id, { ...known, heard });
    this.putEntries({ ...part, entries });
  }

  /** Take entries that belong to those that are there. `leaves`: which end goes if there are too
   * many.
   * @param {Entries} part
   * @param {{ earlier?: boolean, later?: boolean }} [edges]
   * @param {"beginning" | "end"} [leaves]
   */
  putEntries(part, edges = {}, leaves) {
    const known = this.transcripts.peek().get(part.conversation_id);
    const entries = new Map(known?.entries);
    for (const entry of part.entries) {
      const before = entries.get(entry.id);
      if (!before || before.asOf <= part.as_of) entries.set(entry.id, { entry, asOf: part.as_of });
    }
    const inOrder = [...entries].sort(([one], [other]) => one - other);
    const { earlier, later, heard } = { earlier: true, later: false, heard: 0, ...known, ...edges };
    const has = { entries: new Map(inOrder), earlier, later, heard };
    const isBehind = (inOrder.at(-1)?.[0] ?? 0) < heard; // it came while what is before was read
    this.#keep(part.conversation_id, shortened({ ...has, later: later || isBehind }, leaves));
  }

  /** Take the end of a transcript, or another place of it, instead of what was there unless both touch.
   * @param {Entries} part
   */
  putPlace(part) {
    const known = this.transcripts.peek().get(part.conversation_id);
    const ids = part.entries.map((entry) => entry.id);
    const touches = known && ids.some((id) => known.entries.has(id));
    if (!touches)
      this.#keep(part.conversation_id, {
        ...{ entries: new Map(), earlier: true, later: false, heard: known?.heard ?? 0 },
      });
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

/** A transcript without what is too much of it at one end. @param {Transcript} whole @param {"beginning" | "end"} [leaves] @returns {Transcript} */
function shortened(whole, leaves) {
  const entries = [...whole.entries];
  if (!leaves || entries.length <= MOST_ENTRIES) return whole;
  if (leaves === "end")
    return { ...whole, entries: new Map(entries.slice(0, MOST_ENTRIES)), later: true };
  return { ...whole, entries: new Map(entries.slice(-MOST_ENTRIES)), earlier: true };
}

const Context = createContext(/** @type {any} */ (null));

export const StoreProvider = Context.Provider;

/** @returns {import("./workspace.js").Workspace} */
export const useWorkspace = () => useContext(Context);
