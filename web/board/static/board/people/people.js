// The people: state, load, what they owe, and what they did today. Dense, and sorted by any column.

import { html, useState } from "../../island/html.js";
import { t } from "../../island/words.js";
import { useBoard } from "../store.js";
import { Person } from "./person.js";

/** @import { AgentAtWork } from "../../wire.js" */

const STATES = ["online", "back_soon", "away", "offline"];
/** Columns by name: their words, and what they are sorted by, greatest first.
 * @type {Record<string, { words: string, kind?: string, hint?: string, by: (one: AgentAtWork) => number }>}
 */
const COLUMNS = {
  person: { words: t("Person"), by: () => 0 },
  state: { words: t("State"), by: (one) => -STATES.indexOf(one.agent.state) },
  load: { words: t("Load"), by: (one) => (one.capacity ? one.load / one.capacity : one.load) },
  held: { words: t("Conversations"), kind: "number", by: (one) => one.agent.load },
  owed: {
    words: t("Unanswered"),
    kind: "number",
    hint: t("Conversations whose consumer waits for their reply."),
    by: (one) => (one.owed.since ? Date.now() - Date.parse(one.owed.since) : -1),
  },
  handled: {
    words: t("Handled"),
    kind: "number",
    hint: t("Today: conversations in which they texted the consumer."),
    by: (one) => one.today.handled,
  },
  closed: {
    words: t("Closed"),
    kind: "number",
    hint: t("Today: conversations that they closed."),
    by: (one) => one.today.closed,
  },
  response: {
    words: t("First response"),
    kind: "number",
    hint: t("Today: the median time to their first text, where they wrote the first one."),
    by: (one) => one.today.first_response_seconds ?? -1,
  },
  csat: {
    words: t("CSAT"),
    kind: "number",
    hint: t("Today: the share of survey answers about them that were satisfied."),
    by: (one) => one.today.ratings.percent ?? -1,
  },
};

/** @typedef {{ column: string, isTurned: boolean }} Order */

export function People() {
  const { store } = useBoard();
  const [wanted, setWanted] = useState("");
  const [order, setOrder] = useState(/** @type {Order} */ ({ column: "state", isTurned: false }));
  const shown = sorted(found(store, wanted), order);
  const sortBy = (/** @type {string} */ column) =>
    setOrder({ column, isTurned: order.column === column && !order.isTurned });
  return html`<section class="panel people" aria-labelledby="people-title">
    <div class="panel-head"><h2 id="people-title">${t("Team")}</h2>
      <input id="find-person" type="search" value=${wanted} aria-label=${t("Find a person or a skill")} placeholder=${t("Find a person or a skill")}
        onInput=${(/** @type {any} */ event) => setWanted(event.currentTarget.value)} /></div>
    <div class="wide-table" tabindex="0" role="region" aria-label=${t("People as a table")}>
      <table>
        <thead><tr>${Object.keys(COLUMNS).map((name) => html`<${Head} key=${name} name=${name} order=${order} sortBy=${sortBy} />`)}</tr></thead>
        <tbody>${shown.map((one) => html`<${Person} key=${one.agent.id} one=${one} />`)}</tbody>
      </table>
    </div>
    ${!shown.length && html`<p class="quiet" role="status">${t("Nobody matches.")}</p>`}
  </section>`;
}

/** @param {import("../store.js").BoardStore} store @param {string} wanted */
function found(store, wanted) {
  const words = wanted.trim().toLowerCase();
  const all = [...store.agents.value.values()];
  if (!words) return all;
  const says = (/** @type {AgentAtWork} */ { agent }) =>
    [agent.name, ...agent.skills.map((id) => store.skill(id))].join("\n").toLowerCase();
  return all.filter((one) => says(one).includes(words));
}

/** @param {AgentAtWork[]} people @param {Order} order */
function sorted(people, { column, isTurned }) {
  const by = COLUMNS[column]?.by ?? (() => 0);
  const sign = isTurned ? -1 : 1;
  const byName = (/** @type {AgentAtWork} */ one, /** @type {AgentAtWork} */ other) =>
    one.agent.name.localeCompare(other.agent.name);
  return people.toSorted(
    (one, other) =>
      sign * (by(other) - by(one)) || (column === "person" ? sign : 1) * byName(one, other),
  );
}

/** @param {{ name: string, order: Order, sortBy: (name: string) => void }} props */
function Head({ name, order, sortBy }) {
  const { words, kind = "", hint } = /** @type {any} */ (COLUMNS[name]);
  const isBy = order.column === name;
  // People stand from A on; what is counted, from the greatest on.
  const isUp = (name === "person") !== order.isTurned;
  const direction = isUp ? "ascending" : "descending";
  return html`<th scope="col" class=${kind} aria-sort=${isBy ? direction : undefined}>
    <button type="button" class="sorts" title=${hint} onClick=${() => sortBy(name)}>${words}<span aria-hidden="true">${isBy && (isUp ? " ▲" : " ▼")}</span></button>
  </th>`;
}
