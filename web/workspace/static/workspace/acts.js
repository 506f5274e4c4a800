// What can be done with conversations: each is a request that is done once.

import { request } from "../island/api.js";
import { sign } from "../island/signing.js";
import { t } from "../island/words.js";
import { go } from "./route.js";

/** @import { Change } from "../island/signing.js" */
/** @import { AgentState, AgentOut } from "../wire.js" */
/** @import { Action, Words } from "./composer/words.js" */
/** @import { Outbox, Result } from "./outbox.js" */
/** @import { Reading } from "./reading.js" */
/** @import { Store } from "./store.js" */

/** @typedef {{ at: string, unlessAnswered: boolean }} Later */

/** Words to send, with what stands under them. @typedef {Words & { signature: string | null }} Signed */

export class Acts {
  #store;
  #outbox;
  #reading;

  /** @param {Store} store @param {Outbox} outbox @param {Reading} reading */
  constructor(store, outbox, reading) {
    this.#store = store;
    this.#outbox = outbox;
    this.#reading = reading;
  }

  /**
   * Text the consumer, and do what follows; null: what its saved reply says.
   * @param {string} id @param {Signed} words @param {Action[] | null} after
   */
  reply(id, { text, pictures, savedReply, signature }, after) {
    const body = { text, media: pictures, saved_reply: savedReply, signature };
    const item = { what: "reply", text, pictures, savedReply, signature, after };
    return this.#write(id, "replies", body, item);
  }

  /** Write for colleagues. @param {string} id @param {string} text @param {string[]} mentions */
  note(id, text, mentions) {
    return this.#write(id, "notes", { text, mentions }, { what: "note", text });
  }

  /** Text the consumer later. @param {string} id @param {Signed} words @param {Later} later */
  schedule(id, { text, savedReply, signature }, { at, unlessAnswered }) {
    const body = { text, at, unless_answered: unlessAnswered, saved_reply: savedReply, signature };
    const item = { what: "reply", text, signature, isLater: true };
    return this.#write(id, "scheduled-texts", body, item);
  }

  /** Send a text again that did not leave. @param {string} id @param {string} message */
  sendAgain(id, message) {
    return this.do(id, t("Send again"), `messages/${message}/send-again`);
  }

  /** @param {string} id @param {string} text */
  cancelScheduled(id, text) {
    return this.do(
      id,
      t("Cancel a scheduled text"),
      `scheduled-texts/${text}`,
      undefined,
      "DELETE",
    );
  }

  /**
   * Give a command of a conversation under its name in the API.
   * `then`: what is done once it was done, and the key it is given under.
   * @param {string} id @param {string} what @param {string} path @param {unknown} [body] @param {string} [method]
   * @param {{ after: Action[], key: string } | {}} [then]
   */
  do(id, what, path, body, method = "POST", then = {}) {
    return this.#outbox.give({
      ...{ conversation: id, what, method, body, whom: this.#calledBy(id), ...then },
      path: `/v1/conversations/${id}/${path}`,
    });
  }

  /** Mark a conversation as unread, and leave it. @param {string} id @returns {Promise<Result>} */
  async markUnread(id) {
    const outcome = await this.#reading.mark(id);
    if (outcome.state === "refused") return outcome;
    return { state: "done", answer: { conversation_id: id, message_id: null } };
  }

  /** Give a command that makes the conversation the reader's own, and go to it. @param {string} id @param {string} what @param {string} path */
  async own(id, what, path) {
    const result = await this.do(id, what, path);
    if (result.state === "done") go({ view: "mine", conversation: id });
    return result;
  }

  /** Do something to the conversation's consumer. @param {string} id @param {string} what @param {string} path @param {unknown} [body] @param {string} [method] */
  toConsumer(id, what, path, body, method = "POST") {
    const consumer = this.#store.opened.peek().get(id)?.consumer.id;
    const whom = this.#calledBy(id);
    return this.#outbox.give({
      conversation: id,
      what,
      method,
      body,
      whom,
      path: `/v1/consumers/${consumer}/${path}`,
    });
  }

  /** Open a conversation with a number, and go to it. @param {Record<string, unknown>} body @returns {Promise<Result>} */
  async begin(body) {
    const whom = String(body.number);
    const text = String(body.text);
    const given = {
      conversation: "",
      path: "/v1/conversations",
      body,
      what: t("Text"),
      whom,
      text,
    };
    return this.#goThere(await this.#outbox.give(given));
  }

  /** Continue a closed conversation in a new one, and go to it. @param {string} id @param {string} text */
  async resume(id, text) {
    return this.#goThere(await this.do(id, t("Text"), "resume", { text }));
  }

  /** Change the reader's signature; what refused it, null for nothing. @param {Change} change */
  sign(change) {
    return sign(this.#store.own, change);
  }

  /** Set the reader's own state; what refused it, null for nothing. @param {AgentState} state @param {string | null} reason */
  async setState(state, reason) {
    const path = `/v1/agents/${this.#store.me.id}/state`;
    const outcome = await request(path, { method: "PUT", body: { state, reason } });
    if (outcome.state === "refused") return outcome.sentence;
    if (outcome.state === "none") return t("There is no connection. Nothing is lost: try again.");
    const agent = /** @type {AgentOut} */ (outcome.value);
    this.#store.own.value = { ...this.#store.own.peek(), agent };
    return null;
  }

  /** Fetch a file that failed once more; the stream shows what comes of it. @param {string} file */
  fetchAgain(file) {
    return request(`/v1/media/${file}/fetch`, { method: "POST" });
  }

  /** @param {Result} result */
  #goThere(result) {
    if (result.state === "done") go({ view: "mine", conversation: result.answer.conversation_id });
    return result;
  }

  /** @param {string} id @param {string} path @param {unknown} body @param {{ what: string, text: string, pictures?: string[], isLater?: boolean, savedReply?: string | null, after?: Action[] | null }} item */
  #write(id, path, body, item) {
    const whom = this.#calledBy(id);
    return this.#outbox.give({
      ...item,
      conversation: id,
      path: `/v1/conversations/${id}/${path}`,
      body,
      isText: true,
      whom,
    });
  }

  /** @param {string} id */
  #calledBy(id) {
    const consumer = this.#store.rows.peek().get(id)?.consumer;
    return consumer?.name || consumer?.number || "";
  }
}
