// What the reader is told: their notices, whether they have read them, and how they want them.

import { batch, computed, signal } from "../html.js";
import { request } from "../api.js";

/** @import { NoticeKind, NoticeOut, NoticesMessage, PresentOut } from "../../wire.js" */

/** A kind of notice, and where it reaches the reader.
 * @typedef {{ kind: NoticeKind, name: string } & Record<Channel, boolean>} Choice
 */
/** @typedef {"page" | "sound" | "desktop" | "push"} Channel */
/** @typedef {(notice: NoticeOut) => void} Hearer */

const AT_ONCE = 50;
const KEPT = 200;
const FRESH_MS = 60_000;
const SOON_MS = 300;
const MOST_PICKED = 20;

export class Told {
  /** By their ids. */
  #known = signal(/** @type {Map<number, NoticeOut>} */ (new Map()));
  unread = signal(0);
  /** @type {import("../html.js").Signal<Choice[]>} */
  preferences = signal([]);
  /** Who is in the conversation that is open. */
  present = signal(/** @type {{ conversation: string, people: PresentOut[] } | null} */ (null));
  /** The newest first, as far as the page wants them. */
  shown = computed(() => {
    const wanted = [...this.#known.value.values()].filter(({ kind }) => this.wants(kind, "page"));
    return wanted.sort(
      (one, other) => Date.parse(other.at) - Date.parse(one.at) || other.id - one.id,
    );
  });
  /** What hears of each new notice. @type {Set<Hearer>} */
  hearers = new Set();
  /** Notices and conversations to mark as read. */
  #seen = {
    ids: /** @type {Set<number>} */ (new Set()),
    conversations: /** @type {Set<string>} */ (new Set()),
  };
  /** @type {number | undefined} */
  #marking;
  /** @type {number | undefined} */
  #catching;
  /** @type {Promise<void>} */
  #loading = Promise.resolve();
  #now;
  /** Colleagues picked for the note of a conversation. @type {Map<string, Set<string>>} */
  #picked = new Map();

  /** @param {() => number} now the server's time */
  constructor(now) {
    this.#now = now;
  }

  /** Read everything: at first, and when something may have been missed. */
  load() {
    this.#loading = this.#load();
    return this.#loading;
  }

  /**
   * Read everything again and forget what was known: in a database that was restored to an earlier
   * time, the same ids are given to other notices.
   */
  loadAnew() {
    this.#known.value = new Map();
    return this.load();
  }

  async #load() {
    const [list, unread, chosen] = await Promise.all([
      request(`/v1/me/notices?limit=${AT_ONCE}`),
      request("/v1/me/notices/unread"),
      request("/v1/me/notice-preferences"),
    ]);
    batch(() => {
      if (chosen.state === "done") this.preferences.value = /** @type {any} */ (chosen.value).kinds;
      if (list.state === "done") this.#put(/** @type {any} */ (list.value).items);
      if (unread.state === "done") this.unread.value = /** @type {any} */ (unread.value).unread;
    });
  }

  /** Read what may have been missed while nothing was followed, once it is quiet. */
  catchUp() {
    clearTimeout(this.#catching);
    this.#catching = setTimeout(async () => {
      // What was there when the page was opened is no news.
      await this.#loading;
      const outcome = await request(`/v1/me/notices?unread=true&limit=${AT_ONCE}`);
      if (outcome.state !== "done") return;
      const { items, next } = /** @type {{ items: NoticeOut[], next: string | null }} */ (
        outcome.value
      );
      if (next) this.load();
      else this.take({ notices: [...items, ...this.#readElsewhere(items)], unread: items.length });
    }, SOON_MS);
  }

  /** Notices that are not unread any more. @param {NoticeOut[]} unread */
  #readElsewhere(unread) {
    const ids = new Set(unread.map(({ id }) => id));
    const read_at = new Date(this.#now()).toISOString();
    return [...this.#known.peek().values()]
      .filter((notice) => notice.read_at === null && !ids.has(notice.id))
      .map((notice) => ({ ...notice, read_at }));
  }

  /** Take what the stream brings. @param {NoticesMessage} message */
  take({ notices, unread }) {
    if (unread === null) {
      this.load();
      return;
    }
    const fresh = notices.filter((notice) => this.#isFresh(notice));
    batch(() => {
      this.#put(notices);
      this.unread.value = unread;
    });
    for (const notice of fresh) for (const hear of this.hearers) hear(notice);
  }

  /** Say whether a kind of notice reaches the reader in a way. @param {NoticeKind} kind @param {Channel} channel */
  wants(kind, channel) {
    return this.preferences.value.find((each) => each.kind === kind)?.[channel] ?? true;
  }

  /** Switch a kind of notice. @param {NoticeKind} kind @param {Channel} channel @param {boolean} isOn */
  async choose(kind, channel, isOn) {
    const body = { kinds: [{ kind, [channel]: isOn }] };
    const outcome = await request("/v1/me/notice-preferences", { method: "PUT", body });
    if (outcome.state !== "done") return false;
    this.preferences.value = /** @type {any} */ (outcome.value).kinds;
    this.load();
    return true;
  }

  /** The unread notices of a conversation. @param {string} conversation */
  unreadOf(conversation) {
    return [...this.#known.value.values()].filter(
      (notice) => notice.conversation_id === conversation && notice.read_at === null,
    );
  }

  /** The last notice of a kind of a conversation. @param {string} conversation @param {NoticeKind} kind */
  lastOf(conversation, kind) {
    const of = [...this.#known.value.values()].filter(
      (notice) => notice.conversation_id === conversation && notice.kind === kind,
    );
    return of.sort((one, other) => Date.parse(other.at) - Date.parse(one.at))[0];
  }

  /** Mark a notice as read, soon. @param {number} id */
  see(id) {
    this.#seen.ids.add(id);
    this.#markSoon();
  }

  /** Mark all notices of a conversation as read, soon. @param {string} conversation */
  seeConversation(conversation) {
    this.#seen.conversations.add(conversation);
    this.#markSoon();
  }

  /** Mark all as read. */
  async seeAll() {
    await this.#mark({});
  }

  /** Note that a colleague was picked for a note, which decides between people of one name.
   * @param {string} conversation @param {string} agent
   */
  pick(conversation, agent) {
    this.#picked.set(conversation, (this.#picked.get(conversation) ?? new Set()).add(agent));
  }

  /** The colleagues picked for a note that is sent now. @param {string} conversation */
  takePicked(conversation) {
    const picked = [...(this.#picked.get(conversation) ?? [])];
    this.#picked.delete(conversation);
    return picked.slice(-MOST_PICKED);
  }

  #markSoon() {
    clearTimeout(this.#marking);
    this.#marking = setTimeout(async () => {
      const { ids, conversations } = this.#seen;
      this.#seen = { ids: new Set(), conversations: new Set() };
      if (ids.size) await this.#mark({ ids: [...ids] });
      for (const id of conversations) await this.#mark({ conversation_id: id });
    }, SOON_MS);
  }

  /** @param {object} body */
  async #mark(body) {
    const outcome = await request("/v1/me/notices/read", { method: "PUT", body });
    if (outcome.state === "done") this.unread.value = /** @type {any} */ (outcome.value).unread;
  }

  /** @param {NoticeOut[]} notices */
  #put(notices) {
    const known = new Map(this.#known.peek());
    for (const notice of notices) {
      const before = known.get(notice.id);
      // What comes late never makes a notice older, nor unread again.
      if (!before || isNewer(notice, before)) known.set(notice.id, notice);
    }
    const newest = [...known].sort(
      ([, one], [, other]) => Date.parse(other.at) - Date.parse(one.at),
    );
    this.#known.value = new Map(newest.slice(0, KEPT));
  }

  /** @param {NoticeOut} notice */
  #isFresh(notice) {
    const before = this.#known.peek().get(notice.id);
    const isNew = !before || notice.times > before.times;
    return isNew && notice.read_at === null && this.#now() - Date.parse(notice.at) < FRESH_MS;
  }
}

/** @param {NoticeOut} one @param {NoticeOut} other */
function isNewer(one, other) {
  if (one.times !== other.times) return one.times > other.times;
  return one.read_at !== null || other.read_at === null;
}
