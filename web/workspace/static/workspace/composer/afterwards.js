// What is done once a reply was sent: labels, a priority, a transfer, a close. Each step waits for the one before
// it, and after a refusal nothing more is done.

import { request } from "../../island/api.js";
import { PRIORITIES } from "../../island/priorities.js";
import { signal } from "../../island/html.js";
import { t } from "../../island/words.js";

/** @import { Toasts } from "../../island/toasts.js" */
/** @import { SavedReplyOut } from "../../wire.js" */
/** @import { Acts } from "../acts.js" */
/** @import { Item, Outbox, Result } from "../outbox.js" */
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
 * @param {{ acts: Acts, outbox: Outbox, store: Store, names: ActionNames, toasts: Toasts }} reach @param {Item} item @param {Action[]} actions
 */
export async function carryOut({ acts, outbox, store, names, toasts }, item, actions) {
  const { conversation } = item;
  const [action, ...rest] = actions;
  if (!action) return outbox.followed(item.key);
  await names.need(actions);
  const what = wordsFor(action, names.all);
  // A page that is loaded again in between gives it again under the same key.
  const given = act(acts, item, what, action, rest);
  outbox.followed(item.key);
  const result = await given;
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

/** @param {Acts} acts @param {Item} item @param {string} what @param {Action} action @param {Action[]} after @returns {Promise<Result>} */
function act(acts, item, what, action, after) {
  const then = { after, key: `${item.key}+` };
  const id = item.conversation;
  if (action.kind === "label")
    return acts.do(id, what, `labels/${action.label}`, undefined, "PUT", then);
  if (action.kind === "priority") {
    const body = { priority: action.priority };
    return acts.do(id, what, "priority", body, "PUT", then);
  }
  if (action.kind === "close") {
    const body = action.reason ? { reason: action.reason } : undefined;
    return acts.do(id, what, "close", body, "POST", then);
  }
  const target = action.skill ? { skill: action.skill } : { agent: action.agent };
  return acts.do(id, what, "transfers", target, "POST", then);
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

const AGAIN_MS = 2000;

/** The actions of a saved reply, none if it is gone; asked for until there is an answer.
 * @param {string} reply @returns {Promise<Action[]>}
 */
export async function actionsOf(reply) {
  const outcome = await request(`/v1/saved-replies/${reply}`);
  if (outcome.state === "done") return /** @type {SavedReplyOut} */ (outcome.value).actions;
  if (outcome.state === "refused") return [];
  await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  return actionsOf(reply);
}
