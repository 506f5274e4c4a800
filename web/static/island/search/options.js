// What the command bar offers for what is typed: conversations, actions, lists, people, pages.

import { inALine } from "../hidden.js";
import { html } from "../html.js";
import { calledBy, Time } from "../parts.js";
import { isolated, t } from "../words.js";
import { answers } from "./folding.js";
import { pagesOf } from "./pages.js";

/** @import { Children } from "../html.js" */
/** @import { IconName } from "../icons.js" */
/** @import { Shortcut } from "../keys.js" */
/** @import { ConversationOut, FoundConversationOut, SearchOut } from "../../wire.js" */

/**
 * Something to choose. `more`: a second line; `beside`: stands at the end of the first.
 * @typedef {{ id: string, icon: IconName, words: string, more?: Children, beside?: Children, run: () => void }} Option
 */
/** @typedef {{ name: string, options: Option[] }} Group */
/** A list by name, and what its address asks for. @typedef {{ name: string, search: string }} NamedList */
/**
 * What a page has to offer, and where it leads. `recent`: conversations that were open before;
 * `near`: those the page knows for what is typed, before the server answers.
 * @typedef {{
 *   supervises: boolean, administers: boolean, lists: NamedList[], people: Record<string, string>,
 *   recent: ConversationOut[], near: (typed: string) => ConversationOut[],
 *   open: (conversation: string, at?: string | null) => void, list: (search: string) => void,
 * }} Offer
 */

const [CONVERSATIONS, RECENT, ACTIONS, OTHERS] = [7, 5, 5, 4];
const STATUS = {
  waiting: t("Waiting"),
  assigned: t("Open"),
  survey: t("Being rated"),
  closed: t("Closed"),
};

/**
 * @param {string} typed @param {SearchOut | null} found @param {Offer} offer @param {Shortcut[]} shortcuts
 * @returns {Group[]}
 */
export function groupsFor(typed, found, offer, shortcuts) {
  if (!typed.trim()) {
    const recent = offer.recent.slice(0, RECENT).map((one) => conversation(one, offer));
    return full([{ name: t("Recent conversations"), options: recent }]);
  }
  return full([
    { name: t("Conversations"), options: conversations(typed, found, offer) },
    { name: t("Actions"), options: actions(typed, shortcuts) },
    { name: t("Lists"), options: lists(typed, found, offer) },
    { name: t("Pages"), options: pages(typed, offer) },
  ]);
}

/** @param {Group[]} groups */
const full = (groups) => groups.filter(({ options }) => options.length);

/** What is known at once comes first, and keeps its place when the answer is there.
 * @param {string} typed @param {SearchOut | null} found @param {Offer} offer
 */
function conversations(typed, found, offer) {
  const answered = new Map(found?.conversations.map((one) => [one.conversation.id, one]));
  const near = found ? [] : offer.near(typed).filter(({ id }) => !answered.has(id));
  return [
    ...[...answered.values()].map((one) => conversation(one.conversation, offer, one)),
    ...near.map((one) => conversation(one, offer)),
  ].slice(0, CONVERSATIONS);
}

/** @param {ConversationOut} row @param {Offer} offer @param {FoundConversationOut} [found] @returns {Option} */
function conversation(row, offer, found) {
  const name = calledBy(row.consumer);
  const whose = row.agent_id ? offer.people[row.agent_id] : null;
  const number = row.consumer.name ? html`<bdi>${row.consumer.number_shown}</bdi> · ` : null;
  const excerpt = found?.excerpt.map((part) =>
    part.is_found ? html`<mark>${inALine(part.text)}</mark>` : inALine(part.text),
  );
  return {
    ...{ id: `conversation-${row.id}`, icon: "chats", words: name },
    more: html`${number}<span dir="auto">${excerpt?.length ? excerpt : inALine(row.last_text)}</span>`,
    beside: html`${STATUS[row.status]}${whose && html` · <bdi>${whose}</bdi>`} · <${Time} at=${row.last_message_at ?? row.opened_at} />`,
    run: () => offer.open(row.id, found?.found_at),
  };
}

/** @param {string} typed @param {Shortcut[]} shortcuts @returns {Option[]} */
function actions(typed, shortcuts) {
  const fitting = new Map();
  for (const shortcut of shortcuts) {
    const isPossible = !shortcut.isForWriting && (shortcut.isAllowed?.() ?? true);
    if (isPossible && answers(typed, shortcut.words)) fitting.set(shortcut.words, shortcut);
  }
  return [...fitting.values()].slice(0, ACTIONS).map((/** @type {Shortcut} */ shortcut) => ({
    ...{ id: `action-${shortcut.words}`, icon: "keyboard", words: shortcut.words },
    beside: shortcut.keys.split(/[+ ]/).map((key) => key && html`<kbd>${key}</kbd> `),
    run: () => void shortcut.run(new KeyboardEvent("keydown")),
  }));
}

/** @param {string} typed @param {SearchOut | null} found @param {Offer} offer @returns {Option[]} */
function lists(typed, found, offer) {
  const named = offer.lists
    .filter(({ name }) => answers(typed, name))
    .map(({ name, search }) => list(name, search, offer));
  const of = (/** @type {string} */ what, /** @type {string} */ id) =>
    `view=all&${what}=${encodeURIComponent(id)}`;
  const whose = (/** @type {string} */ name) => ({ name: isolated(name) });
  return [
    ...named,
    ...(found?.people ?? []).map(({ id, name }) =>
      list(t("Conversations of {name}", whose(name)), of("agent", id), offer),
    ),
    ...(found?.skills ?? []).map(({ id, name }) =>
      list(t("Conversations in {name}", whose(name)), of("skill", id), offer),
    ),
    ...(found?.lines ?? []).map(({ id, name }) =>
      list(t("Conversations on {name}", whose(name)), of("line", id), offer),
    ),
  ].slice(0, 2 * OTHERS);
}

/** @param {string} words @param {string} search @param {Offer} offer @returns {Option} */
const list = (words, search, offer) => ({
  ...{ id: `list-${search}`, icon: "filter", words },
  run: () => offer.list(search),
});

/** @param {string} typed @param {Offer} offer @returns {Option[]} */
const pages = (typed, offer) =>
  pagesOf(offer)
    .filter(({ words }) => answers(typed, words))
    .slice(0, OTHERS)
    .map(({ path, words }) => ({
      ...{ id: `page-${path}`, icon: "open", words },
      run: () => location.assign(path),
    }));
