// Drafts: what one writes and has not sent. A reply and a note have a draft each, so that a note never
// becomes a text to the consumer. They are kept on the server, and here until it has them.

import { signal } from "../../island/html.js";
import { isEmpty, joined, keyOf, left, NOTHING, partsOf, same, wordsOf } from "./words.js";

/** @import { DraftOut, Surface, WritingOut } from "../../wire.js" */
/** @import { Item, Outbox } from "../outbox.js" */
/** @import { Found, Kept } from "./kept.js" */
/** @import { Words } from "./words.js" */

/**
 * `words`: what is in the box. `saved`: what the server has, under `revision`. `others`: words that
 * were written elsewhere at the same time.
 * @typedef {{ words: Words, saved: Words, revision: number, others: Words[] }} Draft
 */

const NEW = /** @type {Draft} */ ({ words: NOTHING, saved: NOTHING, revision: 0, others: [] });
const CHOSEN = "surfaces";

export class Drafts {
  #kept;
  #outbox;
  #all = signal(/** @type {Map<string, Draft>} */ (new Map()));
  #chosen = signal(/** @type {Record<string, Surface>} */ (chosenBefore()));
  /** The conversations in which something was begun. */
  begun = signal(/** @type {Set<string>} */ (new Set()));
  /** Why the words of a box were refused, until they are changed; by draft. */
  refused = signal(/** @type {Map<string, string>} */ (new Map()));
  /** What to know before writing, by conversation. */
  known = signal(/** @type {Map<string, WritingOut>} */ (new Map()));
  /** Hears of drafts that the server may not have. @type {(key: string) => void} */
  onChange = () => {};

  /** @param {Kept} kept @param {Outbox} outbox */
  constructor(kept, outbox) {
    this.#kept = kept;
    this.#outbox = outbox;
  }

  /** Take what this tab and those of before have left. @param {Found[]} found */
  restore(found) {
    for (const { key, copy, isOwn } of found) {
      const present = this.at(key);
      const isNew = !same(copy.words, copy.saved);
      if (isOwn || (isNew && present === NEW)) this.#put(key, copy);
      else {
        const more = isNew ? [copy.words, ...copy.others] : copy.others;
        this.#put(key, { ...present, others: [...present.others, ...more] });
      }
    }
  }

  /** @param {string} key @returns {Draft} */
  at(key) {
    return this.#all.peek().get(key) ?? NEW;
  }

  /** @param {string} conversation @param {Surface} surface @returns {Draft} */
  of(conversation, surface) {
    return this.#all.value.get(keyOf(conversation, surface)) ?? NEW;
  }

  get keys() {
    return [...this.#all.peek().keys()];
  }

  /** The surface one writes on. @param {string} conversation @returns {Surface} */
  surfaceOf(conversation) {
    const chosen = this.#chosen.value[conversation];
    if (chosen) return chosen;
    const isNote = isEmpty(this.of(conversation, "reply").words);
    return isNote && !isEmpty(this.of(conversation, "note").words) ? "note" : "reply";
  }

  /** @param {string} conversation @param {Surface | null} surface */
  choose(conversation, surface) {
    const { [conversation]: _, ...others } = this.#chosen.peek();
    this.#chosen.value = surface ? { ...others, [conversation]: surface } : others;
    sessionStorage.setItem(CHOSEN, JSON.stringify(this.#chosen.peek()));
  }

  /** @param {string} conversation @param {Surface} surface @param {Partial<Words>} change */
  change(conversation, surface, change) {
    const key = keyOf(conversation, surface);
    const draft = this.at(key);
    const words = { ...draft.words, ...change };
    // What the text began with goes with it.
    const isGone = isOther(draft.words.text, words.text) && !change.savedReply;
    const kept = isGone ? { ...words, savedReply: null, actions: null } : words;
    this.refuse(key, null);
    this.#put(key, { ...draft, words: kept });
  }

  /** Take the words out of a box, because they are being sent. @param {string} conversation @param {Surface} surface */
  take(conversation, surface) {
    const key = keyOf(conversation, surface);
    this.refuse(key, null);
    this.#put(key, { ...this.at(key), words: NOTHING });
  }

  /** Put words back in front of a draft. @param {string} conversation @param {Surface} surface @param {Words} words */
  giveBack(conversation, surface, words) {
    const key = keyOf(conversation, surface);
    const draft = this.at(key);
    const whole = joined([words, draft.words]);
    const actions = draft.words.actions ?? words.actions;
    this.#put(key, { ...draft, words: { ...whole, actions } });
  }

  /** @param {string} key @param {string | null} sentence */
  refuse(key, sentence) {
    if (sentence === null && !this.refused.peek().has(key)) return;
    const all = new Map(this.refused.peek());
    if (sentence === null) all.delete(key);
    else all.set(key, sentence);
    this.refused.value = all;
  }

  /** What the server should have: also what is on its way, until it was sent. @param {string} key @returns {Words} */
  wanted(key) {
    return joined([...this.#pending(key), this.at(key).words]);
  }

  /** Say whether the server has a draft as it is here. @param {string} key */
  isSaved(key) {
    return same(this.wanted(key), this.at(key).saved);
  }

  /** Take note of what the server has. @param {string} key @param {Words} words @param {number} revision */
  saved(key, words, revision) {
    this.#put(key, { ...this.at(key), saved: words, revision });
  }

  /** Take note that something was sent: the server has taken it out of the draft. @param {Item} item */
  sent({ conversation, what, text, pictures }) {
    const key = keyOf(conversation, what === "note" ? "note" : "reply");
    const draft = this.at(key);
    const saved = left(draft.saved, { ...NOTHING, text, pictures });
    const others = draft.others.filter((other) => other.text.trim() !== text.trim());
    this.#put(key, { ...draft, saved, others, revision: draft.revision + 1 });
  }

  /** Say whether words of a box are being sent for the first time now. @param {string} key */
  isBeingSent(key) {
    return this.#items(key).some((item) => item.state === "sending");
  }

  /** Take what the server has, unless something else is being written here. @param {DraftOut} told */
  adopt(told) {
    const key = keyOf(told.conversation_id, told.surface);
    const draft = this.at(key);
    if (told.revision <= draft.revision) return;
    const theirs = wordsOf(told);
    if (!this.isSaved(key) && !same(theirs, this.wanted(key))) return;
    const words = same(theirs, this.wanted(key))
      ? draft.words
      : left(theirs, joined(this.#pending(key)));
    this.#put(key, { ...draft, words, saved: theirs, revision: told.revision });
  }

  /**
   * Settle a draft that was changed here and elsewhere. `tried`: what this tab has tried to save.
   * @param {DraftOut} told @param {Words} tried
   */
  settle(told, tried) {
    const key = keyOf(told.conversation_id, told.surface);
    const draft = this.at(key);
    const theirs = wordsOf(told);
    const now = { ...draft, saved: theirs, revision: told.revision };
    const isOurs = [tried, this.wanted(key), draft.saved].some((words) => same(words, theirs));
    if (isOurs) this.#put(key, now);
    else if (isEmpty(theirs)) this.#put(key, { ...now, words: left(draft.words, draft.saved) });
    else this.#put(key, { ...now, others: [theirs, ...now.others] });
  }

  /** Exchange the words in the box for those that were written elsewhere. @param {string} conversation @param {Surface} surface */
  useOther(conversation, surface) {
    const key = keyOf(conversation, surface);
    const draft = this.at(key);
    const [first, ...rest] = draft.others;
    if (first) this.#put(key, { ...draft, words: first, others: [...rest, draft.words] });
  }

  /** @param {string} conversation @param {Surface} surface */
  dismissOther(conversation, surface) {
    const key = keyOf(conversation, surface);
    const draft = this.at(key);
    this.#put(key, { ...draft, others: draft.others.slice(1) });
  }

  /** Look at all drafts again: what is on its way has changed. */
  look() {
    for (const key of this.keys) this.#keep(key);
  }

  /** What is on its way from a box, or was refused and has not come back. @param {string} key @returns {Words[]} */
  #pending(key) {
    return this.#items(key).map(({ text, pictures, savedReply }) => ({
      ...NOTHING,
      text,
      pictures,
      savedReply,
    }));
  }

  /** @param {string} key @returns {Item[]} */
  #items(key) {
    const [conversation, surface] = partsOf(key);
    const isOfBox = (/** @type {Item} */ item) =>
      item.isText && item.state !== "done" && item.conversation === conversation;
    return this.#outbox.items
      .peek()
      .filter((item) => isOfBox(item) && (item.what === "note") === (surface === "note"));
  }

  /** @param {string} key @param {Draft} draft */
  #put(key, draft) {
    const { words } = draft;
    const others = draft.others.filter(
      (other, at, all) =>
        !isEmpty(other) && ![words, ...all.slice(0, at)].some((each) => same(each, other)),
    );
    this.#all.value = new Map(this.#all.peek()).set(key, { ...draft, others });
    this.#mark(partsOf(key)[0]);
    this.#keep(key);
  }

  /** @param {string} conversation */
  #mark(conversation) {
    const keys = [keyOf(conversation, "reply"), keyOf(conversation, "note")];
    const isBegun = keys.some((key) => !isEmpty(this.at(key).words));
    const begun = this.begun.peek();
    if (isBegun === begun.has(conversation)) return;
    const others = [...begun].filter((each) => each !== conversation);
    this.begun.value = new Set(isBegun ? [...others, conversation] : others);
  }

  /** @param {string} key */
  #keep(key) {
    const draft = this.at(key);
    const isDone = this.isSaved(key) && !draft.others.length;
    this.#kept.write(key, isDone ? null : draft);
    if (!this.isSaved(key)) this.onChange(key);
  }
}

/** Say whether a text was emptied, or another one was written in its place. @param {string} before @param {string} now */
const isOther = (before, now) =>
  !now.trim() || (before !== "" && before[0] !== now[0] && before.at(-1) !== now.at(-1));

function chosenBefore() {
  return JSON.parse(sessionStorage.getItem(CHOSEN) ?? "{}");
}
