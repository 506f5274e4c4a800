// Drafts stay with their conversation, in this tab until the agent logs out. Reply and note have a
// draft each, so that a note never becomes a text to the consumer.

import { signal } from "../../island/html.js";

/** @typedef {"reply" | "note"} Kind */
/**
 * `pictures`: ids of pictures that were uploaded for the reply.
 * @typedef {{ kind: Kind, reply: string, note: string, pictures: string[] }} Draft
 */

const EMPTY = /** @type {Draft} */ ({ kind: "reply", reply: "", note: "", pictures: [] });

export class Drafts {
  #prefix;
  /** Why the words of a box were refused, until they are changed. */
  refused = signal(
    /** @type {{ conversation: string, kind: Kind, sentence: string } | null} */ (null),
  );
  #all = signal(/** @type {Map<string, Draft>} */ (new Map()));

  /** @param {string} agent */
  constructor(agent) {
    this.#prefix = `draft/${agent}/`;
    for (const [key, kept] of Object.entries(sessionStorage)) {
      if (!key.startsWith(this.#prefix)) continue;
      const conversation = key.slice(this.#prefix.length);
      this.#all.peek().set(conversation, { ...EMPTY, ...JSON.parse(kept) });
    }
  }

  /** @param {string} conversation */
  of(conversation) {
    return this.#all.value.get(conversation) ?? EMPTY;
  }

  /** @param {string} conversation @param {Partial<Draft>} change */
  change(conversation, change) {
    const draft = { ...(this.#all.peek().get(conversation) ?? EMPTY), ...change };
    this.#all.value = new Map(this.#all.peek()).set(conversation, draft);
    const key = this.#prefix + conversation;
    const isEmpty = !draft.reply && !draft.note && !draft.pictures.length && draft.kind === "reply";
    if (isEmpty) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, JSON.stringify(draft));
  }

  /** Put words back in front of a draft. @param {string} conversation @param {Kind} kind @param {string} words */
  giveBack(conversation, kind, words) {
    const now = this.#all.peek().get(conversation) ?? EMPTY;
    this.change(conversation, { kind, [kind]: [words, now[kind]].filter(Boolean).join("\n") });
  }
}
