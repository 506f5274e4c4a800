// What a list asks for: which conversations, in which order. The page decides by the same rules as
// the server which of the conversations that it knows are in a list, so that a list is live.

import { PRIORITY_NAMES } from "../island/priorities.js";

/** @import { AgentOut, ListOrder, Priority, Row, ViewOut } from "../wire.js" */

/** @typedef {"mine" | "snoozed" | "waiting" | "done" | "mentions" | "all"} View */
/**
 * `named`: the id of the view it came from. `minutes`: it has waited for so long.
 * @typedef {{
 *   view: View, status: readonly string[], skill: string | null, line: string | null, agent: string | null,
 *   label: readonly string[], priority: readonly Priority[], part: string | null, unanswered: boolean, minutes: number | null,
 *   overdue: boolean, unread: boolean, failed: boolean, sort: ListOrder | null, named: string | null,
 * }} Query
 */

export const VIEWS = /** @type {const} */ ([
  "mine",
  "snoozed",
  "waiting",
  "done",
  "mentions",
  "all",
]);
const STATUSES = ["waiting", "assigned", "survey", "closed"];
const ORDERS = /** @type {const} */ (["newest", "longest_waiting", "due_first"]);
const FLAGS = /** @type {const} */ (["unanswered", "overdue", "unread", "failed"]);
const NAMES = /** @type {const} */ (["skill", "line", "agent"]);
const NUMBER_PART = "number_part";

/** @type {Query} */
export const PLAIN = {
  ...{ view: "mine", status: [], skill: null, line: null, agent: null, label: [] },
  ...{ priority: [], part: null },
  ...{ unanswered: false, minutes: null, overdue: false, unread: false, failed: false },
  ...{ sort: null, named: null },
};

/** A list without filters. @param {View} view @returns {Query} */
export const plain = (view) => ({ ...PLAIN, view });

/** Read what an address asks for. What it cannot mean is left out. @param {URLSearchParams} address @returns {Query} */
export function readQuery(address) {
  const one = (/** @type {string} */ name) => address.get(name) || null;
  const minutes = Number.parseInt(one("waits_minutes") ?? "", 10);
  return {
    view: VIEWS.find((view) => view === one("view")) ?? "mine",
    status: address.getAll("status").filter((status) => STATUSES.includes(status)),
    ...{ skill: one("skill"), line: one("line"), agent: one("agent") },
    label: address.getAll("label"),
    priority: PRIORITY_NAMES.filter((one) => address.getAll("priority").includes(one)),
    part: one(NUMBER_PART),
    ...{ unanswered: one("unanswered") === "true", overdue: one("overdue") === "true" },
    ...{ unread: one("unread") === "true", failed: one("failed") === "true" },
    minutes: minutes >= 0 ? minutes : null,
    sort: ORDERS.find((order) => order === one("sort")) ?? null,
    named: one("named"),
  };
}

/** Write a query as an address has it, always in the same way. @param {Query} query */
export function written(query) {
  const address = asked(query);
  if (query.named) address.set("named", query.named);
  return address.toString();
}

/** What the server is asked for. @param {Query} query */
function asked(query) {
  const address = new URLSearchParams({ view: query.view });
  for (const each of query.status) address.append("status", each);
  for (const name of NAMES) if (query[name]) address.set(name, query[name]);
  for (const each of query.label) address.append("label", each);
  for (const each of query.priority) address.append("priority", each);
  if (query.part) address.set(NUMBER_PART, query.part);
  for (const flag of FLAGS) if (query[flag]) address.set(flag, "true");
  if (query.minutes !== null) address.set("waits_minutes", String(query.minutes));
  if (query.sort) address.set("sort", query.sort);
  return address;
}

/** What the server is asked for, with the order of the list. @param {Query} query */
export function requested(query) {
  const address = asked(query);
  const order = orderOf(query);
  if (order !== "service") address.set("sort", order);
  return address.toString();
}

/** What a view keeps of a query. @param {Query} query */
export function kept(query) {
  const { part, minutes, named, ...rest } = query;
  return { ...rest, [NUMBER_PART]: part, waits_minutes: minutes };
}

/** The query of a named view. @param {ViewOut} view @returns {Query} */
export function ofView({ id, filters }) {
  const { number_part: part, waits_minutes: minutes, ...rest } = filters;
  return { ...PLAIN, ...rest, part, minutes, named: id };
}

/** Say whether two lists show the same, whatever they are called. @param {Query} one @param {Query} other */
export const isSame = (one, other) =>
  written({ ...one, named: null }) === written({ ...other, named: null });

/** Say whether a list is filtered. @param {Query} query */
export const isFiltered = ({ view, sort, named, ...filters }) =>
  written({ ...filters, view: "mine", sort: null, named: null }) !== written(PLAIN);

/** The order of a list. What waits longest is on top, unless somebody wants to see the newest.
 * @param {Query} query @returns {ListOrder | "service"}
 */
export function orderOf({ view, sort }) {
  if (sort) return sort;
  const own = {
    mine: "due_first",
    snoozed: "due_first",
    waiting: "service",
    all: "longest_waiting",
  };
  return /** @type {any} */ (own)[view] ?? "newest";
}

/** Say whether a conversation is unread for the reader. @param {Row} row @param {AgentOut} me */
export const isUnread = (row, me) => row.is_marked_unread === true || unreadOf(row, me) > 0;

/** The texts the reader has not looked at, of a conversation of their own. @param {Row} row @param {AgentOut} me */
export const unreadOf = (row, me) =>
  row.status === "assigned" && row.agent_id === me.id ? row.unread : 0;

/** @param {Row} row */
const isOpen = (row) => row.status === "waiting" || row.status === "assigned";

/** Say whether a conversation passes a list's filters.
 * @param {Query} query @param {Row} row @param {AgentOut} me @param {number} now
 */
export function passes(query, row, me, now) {
  const { status, skill, line, agent, label, priority, part, minutes } = query;
  return (
    isInView(query.view, row, me) &&
    (!status.length || status.includes(row.status)) &&
    (!skill || row.skill_id === skill) &&
    (!line || row.line_id === line) &&
    (!agent || row.agent_id === agent) &&
    (!label.length || label.some((one) => row.label_ids.includes(one))) &&
    (!priority.length || priority.includes(row.priority)) &&
    (!part || hasNumber(row.consumer.number, part)) &&
    (!query.unanswered || row.waiting_since !== null) &&
    (minutes === null || hasWaited(row, minutes, now)) &&
    (!query.overdue || isOverdue(row, now)) &&
    (!query.unread || isUnread(row, me)) &&
    (!query.failed || row.has_failed_text)
  );
}

/** @param {View} view @param {Row} row @param {AgentOut} me */
function isInView(view, row, me) {
  const isMine = row.agent_id === me.id;
  if (view === "mine" || view === "snoozed")
    return (
      isMine && row.status === "assigned" && (row.snoozed_at !== null) === (view === "snoozed")
    );
  if (view === "waiting") return row.status === "waiting";
  if (view === "done") return isMine && ["survey", "closed"].includes(row.status);
  return true;
}

/** @param {Row} row @param {number} minutes @param {number} now */
const hasWaited = (row, minutes, now) =>
  row.waiting_since !== null && now - Date.parse(row.waiting_since) >= minutes * 60_000;

/** @param {Row} row @param {number} now */
const isOverdue = (row, now) =>
  isOpen(row) && row.response_due_at !== null && Date.parse(row.response_due_at) <= now;

/** As `domain.searching.numbers`. @param {string} number @param {string} part */
export function hasNumber(number, part) {
  const [held, digits] = [
    number.replace(/\D/g, ""),
    part.replace(/\(\s*0\s*\)/g, "").replace(/\D/g, ""),
  ];
  if (!digits) return false;
  if (/^\s*(?:…|\.{2,}|\*)/.test(part)) return held.endsWith(digits);
  const national = digits.startsWith("00") ? digits.slice(2) : digits.replace(/^0/, "");
  return held.includes(digits) || (national.length >= 3 && held.includes(national));
}

/** Say whether time alone moves conversations in and out. @param {Query} query */
export const isTimed = ({ minutes, overdue, unread }) => minutes !== null || overdue || unread;

/** @typedef {(one: Row, other: Row) => number} Compare */

/** Compare conversations by a list's order. @param {Query} query @returns {Compare} */
export function comparing(query) {
  if (query.view === "snoozed" && !query.sort) return nextBack;
  const order = orderOf(query);
  if (order === "service") return inOrderOfService;
  if (order === "newest") return newestFirst;
  const isOwn = query.view === "mine" || query.view === "snoozed";
  const since = order === "due_first" ? dueAt : waitsSince;
  const rest = isOwn ? latestWritten : newestFirst;
  return (one, other) => {
    const [first, second] = [since(one), since(other)];
    if (first === null && second === null) return rest(one, other);
    return firstOf(compare(first ?? NEVER, second ?? NEVER), compare(one.id, other.id));
  };
}

const NEVER = "9999";

/** Compare moments or ids. @param {string} one @param {string} other */
export function compare(one, other) {
  // A moment on the full second has no fraction, and a Z sorts behind a point.
  const [first, second] = [one.replace("Z", ""), other.replace("Z", "")];
  return first < second ? -1 : Number(first > second);
}

/** @param {...number} compared */
const firstOf = (...compared) => compared.find(Boolean) ?? 0;
/** @param {Row} row */
const waitsSince = (row) => row.waiting_since;
/** @param {Row} row */
const dueAt = (row) => row.waiting_since && (row.response_due_at ?? row.waiting_since);
/** @param {Row} row */
const writtenAt = (row) => row.last_message_at ?? row.opened_at;

/** @type {Compare} */
const newestFirst = (one, other) =>
  firstOf(compare(other.opened_at, one.opened_at), compare(other.id, one.id));
/** @type {Compare} */
const latestWritten = (one, other) =>
  firstOf(compare(writtenAt(other), writtenAt(one)), compare(other.id, one.id));
/** @type {Compare} */
const nextBack = (one, other) =>
  firstOf(
    compare(one.snoozed_until ?? NEVER, other.snoozed_until ?? NEVER),
    compare(one.id, other.id),
  );
/** @type {Compare} */
const inOrderOfService = (one, other) =>
  firstOf(
    compare(one.wait?.order ?? NEVER, other.wait?.order ?? NEVER),
    compare(one.wait?.since ?? NEVER, other.wait?.since ?? NEVER),
    compare(one.id, other.id),
  );
