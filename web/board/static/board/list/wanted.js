// Which conversations are shown: in the page's address, for lists, and for what is done to all.

import { PRIORITY_NAMES } from "../../island/priorities.js";

/** @import { Priority } from "../../wire.js" */

/**
 * @typedef {{ status: string[], skill: string | null, agent: string | null, label: string | null,
 *   priority: Priority | null, unanswered: boolean, overdue: boolean, minutes: number | null }} Wanted
 */

const STATUSES = ["waiting", "assigned", "survey", "closed"];
/** In minutes: a year. */
const LONGEST = 525_600;

/** @type {Wanted} */
const ALL = {
  status: [],
  skill: null,
  agent: null,
  label: null,
  priority: null,
  unanswered: false,
  overdue: false,
  minutes: null,
};

/** @param {Partial<Wanted>} some @returns {Wanted} */
export const wanted = (some) => ({ ...ALL, ...some });

/** As parameters of an address, which those of the API are called alike. @param {Wanted} filters */
export function query({ status, skill, agent, label, priority, unanswered, overdue, minutes }) {
  const found = new URLSearchParams(status.map((one) => ["status", one]));
  for (const [name, value] of Object.entries({ skill, agent, label, priority }))
    if (value) found.set(name, value);
  if (unanswered) found.set("unanswered", "true");
  if (overdue) found.set("overdue", "true");
  if (minutes !== null) found.set("waits_minutes", String(minutes));
  return found;
}

/** As filters of what is done to all that pass them. @param {Wanted} filters */
export const filters = ({ label, priority, minutes, ...same }) => ({
  ...same,
  label: label ? [label] : [],
  priority: priority ? [priority] : [],
  waits_minutes: minutes,
});

/** What the page's address asks for, without what is nonsense; null: no list. @returns {Wanted | null} */
export function here() {
  const asked = new URLSearchParams(location.search);
  if (!asked.has("list")) return null;
  const minutes = Number.parseInt(asked.get("waits_minutes") ?? "", 10);
  return {
    status: asked.getAll("status").filter((one) => STATUSES.includes(one)),
    skill: asked.get("skill"),
    agent: asked.get("agent"),
    label: asked.get("label"),
    priority: PRIORITY_NAMES.find((one) => one === asked.get("priority")) ?? null,
    unanswered: asked.get("unanswered") === "true",
    overdue: asked.get("overdue") === "true",
    minutes: minutes > 0 && minutes <= LONGEST ? minutes : null,
  };
}

/** The address of the board with a list, or without one. @param {Wanted | null} shown */
export const boardWith = (shown) => (shown ? `/board?list=1&${query(shown)}` : "/board");

/** Where a conversation is read and answered. @param {string} id */
export const addressOf = (id) => `/workspace/${id}?view=all`;

/** @param {string} id */
export const openConversation = (id) => location.assign(addressOf(id));
