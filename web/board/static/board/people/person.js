// One person of the table.

import { useIsland } from "../../island/context.js";
import { h, html, memo } from "../../island/html.js";
import { Avatar } from "../../island/parts.js";
import { exactly, length } from "../../island/times.js";
import { stateWords } from "../../island/topbar.js";
import { isolated, n, t } from "../../island/words.js";
import { percentage } from "../glance.js";
import { useBoard } from "../store.js";
import { Held } from "./held.js";

/** @import { AgentAtWork } from "../../wire.js" */

/** How long something has lasted, in as few words as a table needs. @param {string} since @param {number} now */
function spell(since, now) {
  const seconds = (now - Date.parse(since)) / 1000;
  return seconds < 60 ? t("< 1 min") : length(seconds);
}

/** What is not there, for eyes and ears. */
const nothing = () =>
  html`<span class="quiet" aria-hidden="true">–</span><span class="hidden">${t("None")}</span>`;

/** @type {import("preact").ComponentType<{ one: AgentAtWork }>} */
export const Person = memo(({ one }) => {
  const { agent, today } = one;
  const response = today.first_response_seconds;
  return html`<tr id="board-${agent.id}" class=${agent.state === "offline" ? "gone" : ""}>
    <th scope="row"><${Name} one=${one} /></th>
    <td class="at-state"><${State} one=${one} /></td>
    <td class="at-load"><${Load} one=${one} /></td>
    <td class="number" data-words=${t("Conversations")}><${Held} id=${agent.id} name=${agent.name} count=${agent.load} /></td>
    <td class="number at-owed" data-words=${t("Unanswered")}><${Owed} one=${one} /></td>
    <td class="number" data-words=${t("Handled")}>${today.handled}</td>
    <td class="number" data-words=${t("Closed")}>${today.closed}</td>
    <td class="number" data-words=${t("First response")}>${response === null ? nothing() : length(response)}</td>
    <td class="number" data-words=${t("CSAT")} title=${n("{n} answer", "{n} answers", today.ratings.answers)}>${today.ratings.percent === null ? nothing() : percentage(today.ratings.percent)}</td>
  </tr>`;
});

/** @param {{ one: AgentAtWork }} props */
function Name({ one: { agent } }) {
  const { store } = useBoard();
  const change = () => {
    store.dialog.value = { name: "person", id: agent.id };
  };
  const skills = agent.skills.map((id) => store.skill(id)).join(", ");
  return html`<span class="agent-name"><${Avatar} name=${agent.name} id=${agent.id} />
    <span><button type="button" class="quiet-button" title=${t("Set state and capacity")} aria-label=${t("Set state and capacity of {name}", { name: agent.name })} onClick=${change}><bdi>${agent.name}</bdi></button>
    <span class="quiet skills" dir="auto" title=${isolated(skills)}>${skills || t("No skills")}</span></span></span>`;
}

/** @param {{ one: AgentAtWork }} props */
function State({ one: { agent } }) {
  const long = spell(agent.state_since, useIsland().clock.quarter.value);
  return html`<span class="agent-state"><span class="dot ${agent.state}"></span>${stateWords(agent.state, agent.state_reason)}</span>
    <time class="quiet state-since" datetime=${agent.state_since} title=${exactly(agent.state_since)}>${long}</time>`;
}

/** @param {{ one: AgentAtWork }} props */
function Load({ one: { agent, load, capacity, is_warm: isWarm } }) {
  const share = capacity ? Math.min(load / capacity, 1) : Number(load > 0);
  const words = t("{load} of {capacity}", { load: Number(load.toFixed(1)), capacity });
  const label = t("Load of {name}", { name: agent.name });
  return html`<span class="agent-load">${words}${!isWarm && html` <span class="quiet">${t("(warming up)")}</span>`}</span>
    ${h("meter", /** @type {any} */ ({ min: 0, max: 1, high: 0.99, optimum: 0, value: share, "aria-label": label }), words)}`;
}

/** @param {{ one: AgentAtWork }} props */
function Owed({ one: { agent, owed } }) {
  const { listing } = useBoard();
  const now = useIsland().clock.quarter.value;
  if (!owed.unanswered) return nothing();
  const see = () =>
    listing.show({ status: ["waiting", "assigned"], agent: agent.id, unanswered: true });
  const label = t("See what waits for a reply from {name}", { name: agent.name });
  return html`<button type="button" class="quiet-button" title=${label} onClick=${see}>${owed.unanswered}</button>
    <span class="owed-since">${owed.overdue > 0 && html`<strong class="bad">${n("{n} overdue", "{n} overdue", owed.overdue)}</strong>`}
      ${owed.since && html` <span class="quiet">${spell(owed.since, now)}</span>`}</span>`;
}
