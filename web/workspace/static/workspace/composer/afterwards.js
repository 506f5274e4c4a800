// What is done once a reply was sent: labels, a priority, a transfer, a close. Each step waits for the one before
// it, and after a refusal nothing more is done.

import { request } from "../../island/api.js";
import { signal } from "../../island/html.js";
import { t } from "../../island/words.js";
import { PRIORITIES } from "../tags.js";

/** @import { Toasts } from "../../island/toasts.js" */
/** @import { SavedReplyOut } from "../../wire.js" */
/** @import { Acts } from "../acts.js" */
/** @import { Result } from "../outbox.js" */
/** @import { Store } from "../store.js" */
/** @import { Action } from "./words.js" */

const REASON_MISSING = "closing_reason_missing";

/** An action in words, as a command. @param {Action} action @param {Names} names */
export function wordsFor(action, { labels, skills, people }) {
  if (action.kind === "label") return t("Label: {name}", { name: labels[action.label] ?? "" });
  if (action.kind === "priority") return PRIORITIES[action.priority].told;
  if (action.kind === "close") return t("Close the conversation");
  const name = action.skill ? skills[action.skill] : people[action.agent ?? ""];
  return t("Transfer to {name}", { name: name ?? "" });
}

/** @typedef {{ labels: Record<string, string>, skills: Record<string, string>, people: Record<string, string> }} Names */

/**
 * Do what follows a text that was sent, in order: the next step when this one was done.
 * @param {{ acts: Acts, store: Store, names: ActionNames, toasts: Toasts }} reach @param {string} conversation @param {Action[]} actions
 */
export async function carryOut({ acts, store, names, toasts }, conversation, actions) {
  const [action, ...rest] = actions;
  if (!action) return;
  await names.need(actions);
  const what = wordsFor(action, names.all);
  const result = await act(acts, conversation, what, action, rest);
  if (result.state !== "refused") return;
  // Its dialog asks for what is missing.
  if (result.code === REASON_MISSING && store.selected.peek() === conversation)
    return store.openDialog("close", conversation);
  const { sentence } = result;
  const told = t("The text was sent. This was not done: {what}. {sentence}", { what, sentence });
  const left = rest.map((each) => wordsFor(each, names.all)).join(", ");
  const more = left && t("Nor was this: {what}.", { what: left });
  toasts.show({ words: [told, more].filter(Boolean).join(" "), isLasting: true });
}

/** @param {Acts} acts @param {string} conversation @param {string} what @param {Action} action @param {Action[]} rest @returns {Promise<Result>} */
function act(acts, conversation, what, action, rest) {
  if (action.kind === "label")
    return acts.do(conversation, what, `labels/${action.label}`, undefined, "PUT", rest);
  if (action.kind === "priority") {
    const body = { priority: action.priority };
    return acts.do(conversation, what, "priority", body, "PUT", rest);
  }
  if (action.kind === "close") {
    const body = action.reason ? { reason: action.reason } : undefined;
    return acts.do(conversation, what, "close", body, "POST", rest);
  }
  const target = action.skill ? { skill: action.skill } : { agent: action.agent };
  return acts.do(conversation, what, "transfers", target, "POST", rest);
}

/** Names of labels, skills and people; those of labels are read when an action has one. */
export class ActionNames {
  #store;
  #labels = signal(/** @type {Record<string, string> | null} */ (null));

  /** @param {Store} store */
  constructor(store) {
    this.#store = store;
  }

  /** @returns {Names} */
  get all() {
    const { skills, people } = this.#store.boot.value;
    return { labels: this.#labels.value ?? {}, skills, people };
  }

  /** Read the names of labels if there are any in these actions. @param {Action[]} actions */
  async need(actions) {
    const isNeeded = actions.some((action) => action.kind === "label");
    if (!isNeeded || this.#labels.peek()) return;
    this.#labels.value = {};
    const outcome = await request("/v1/labels?limit=200");
    if (outcome.state !== "done") {
      this.#labels.value = null;
      return;
    }
    const { items } = /** @type {{ items: { id: string, name: string }[] }} */ (outcome.value);
    this.#labels.value = Object.fromEntries(items.map(({ id, name }) => [id, name]));
  }
}

/** The actions of a saved reply. @param {string} reply @returns {Promise<Action[]>} */
export async function actionsOf(reply) {
  const outcome = await request(`/v1/saved-replies/${reply}`);
  return outcome.state === "done" ? /** @type {SavedReplyOut} */ (outcome.value).actions : [];
}
