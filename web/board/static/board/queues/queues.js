// The queues as cards by skill: how much waits and for how long, what is overdue, who is there.

import { useIsland } from "../../island/context.js";
import { html, memo } from "../../island/html.js";
import { lasted } from "../../island/times.js";
import { n, t } from "../../island/words.js";
import { useBoard } from "../store.js";
import { Ages } from "./ages.js";

/** @import { QueueOut } from "../../wire.js" */

export function Queues() {
  const { store } = useBoard();
  const queues = [...store.queues.value.values()];
  // Where somebody waits first, the longest wait before others.
  const sorted = queues.sort(
    (one, other) =>
      Date.parse(one.oldest_at ?? "9999") - Date.parse(other.oldest_at ?? "9999") ||
      one.name.localeCompare(other.name),
  );
  return html`<section aria-labelledby="queues-title">
    <h2 id="queues-title">${t("Queues")}</h2>
    ${sorted.length ? html`<ul class="queues">${sorted.map((queue) => html`<${Card} key=${queue.skill_id} queue=${queue} staff=${staff(store, queue.skill_id)} />`)}</ul>` : html`<p class="quiet">${t("This account has no skills.")}</p>`}
  </section>`;
}

/** Who holds a skill, and how many of them are online, as a key that changes with them. @param {import("../store.js").BoardStore} store @param {string} skill */
function staff(store, skill) {
  const holders = [...store.agents.value.values()].filter((one) =>
    one.agent.skills.includes(skill),
  );
  const online = holders.filter((one) => one.agent.state === "online").length;
  return `${online}/${holders.length}`;
}

/** @type {import("preact").ComponentType<{ queue: QueueOut, staff: string }>} */
const Card = memo(({ queue, staff }) => {
  const { listing } = useBoard();
  const { skill_id: skill, name, waiting, overdue, oldest_at: oldest } = queue;
  const see = () => listing.show({ status: ["waiting"], skill });
  const [online, holders] = staff.split("/").map(Number);
  return html`<li class="queue ${waiting ? "" : "empty"}" id="queue-${skill}">
    <div class="queue-head"><h3><bdi>${name}</bdi></h3>
      ${waiting > 0 && html`<button type="button" class="quiet-button" aria-label=${t("See who waits for {name}", { name })} onClick=${see}>${t("See them")}</button>`}</div>
    <div class="queue-figures"><span class="figure">${waiting}</span>
      <span class="quiet">${t("waiting")}${oldest && html`<br /><${Longest} since=${oldest} />`}</span>
      ${overdue > 0 && html`<strong class="bad">${n("{n} overdue", "{n} overdue", overdue)}</strong>`}</div>
    <${Ages} ages=${queue.ages.join("/")} />
    <${Staff} online=${online} holders=${holders} waiting=${waiting} />
  </li>`;
});

/** @param {{ since: string }} props */
function Longest({ since }) {
  const long = lasted(since, useIsland().clock.quarter.value);
  return html`${t("the longest {long}", { long })}`;
}

/** @param {{ online: number, holders: number, waiting: number }} props */
function Staff({ online, holders, waiting }) {
  if (!holders)
    return html`<p class=${waiting ? "bad" : "quiet"}>${t("Nobody has this skill")}</p>`;
  const words = online
    ? t("{online} of {holders} online", { online, holders })
    : t("None of {holders} online", { holders });
  return html`<p class=${!online && waiting ? "bad" : "quiet"}>${words}</p>`;
}
