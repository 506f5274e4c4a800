// One conversation beside the board.

import { useIsland } from "../../island/context.js";
import { inALine } from "../../island/hidden.js";
import { html, memo } from "../../island/html.js";
import { calledBy, Time } from "../../island/parts.js";
import { waited } from "../../island/times.js";
import { isolated, t } from "../../island/words.js";
import { PRIORITIES } from "../../island/priorities.js";
import { useBoard } from "../store.js";
import { addressOf } from "./wanted.js";

/** @import { ConversationOut } from "../../wire.js" */

const STATUS = {
  waiting: t("Waiting"),
  assigned: t("Open"),
  survey: t("Being rated"),
  closed: t("Closed"),
};

/** @type {import("preact").ComponentType<{ row: ConversationOut, isChosen: boolean }>} */
export const Line = memo(({ row, isChosen }) => {
  const { listing } = useBoard();
  const name = calledBy(row.consumer);
  const isOwed = row.waiting_since !== null && ["waiting", "assigned"].includes(row.status);
  return html`<li class="line" id="line-${row.id}">
    <input type="checkbox" checked=${isChosen} aria-label=${t("Select {name}", { name: isolated(name) })} onChange=${() => listing.toggle(row.id)} />
    <a href=${addressOf(row.id)}>
      <span class="first"><bdi class="name">${name}</bdi>
        ${isOwed ? html`<${Since} at=${row.waiting_since} />` : row.last_message_at && html`<${Time} at=${row.last_message_at} />`}</span>
      <span class="preview" dir="auto">${inALine(row.last_text)}</span>
      <${Marks} row=${row} />
    </a>
  </li>`;
});

/** @param {{ row: ConversationOut }} props */
function Marks({ row }) {
  const { store } = useBoard();
  const { labels } = store.boot.value;
  return html`<span class="marks">
    ${isHeld(row) ? html`<span class="quiet" dir="auto">${store.person(row.agent_id ?? "")}</span>` : html`<span class="status ${row.status}">${row.bot_name ? t("Bot {name}", { name: row.bot_name }) : STATUS[row.status]}</span>`}
    ${row.response_state === "overdue" && html`<span class="response overdue">${t("Overdue")}</span>`}
    ${row.priority !== "normal" && html`<span class="label priority ${PRIORITIES[row.priority].colour}" title=${PRIORITIES[row.priority].told}>${PRIORITIES[row.priority].words}</span>`}
    ${!isHeld(row) && row.agent_id && html`<span class="quiet" dir="auto">${store.person(row.agent_id)}</span>`}
    ${row.skill_id && html`<span class="quiet of-skill" dir="auto">${store.skill(row.skill_id)}</span>`}
    ${row.label_ids.map((id) => {
      const label = labels[id];
      return (
        label && html`<span class="label ${label.colour}" key=${id}><bdi>${label.name}</bdi></span>`
      );
    })}
  </span>`;
}

/** Whose it is says enough of where it stands. @param {ConversationOut} row */
const isHeld = (row) => row.status === "assigned" && row.agent_id !== null && !row.bot_name;

/** @param {{ at: string }} props */
function Since({ at }) {
  return html`<span class="since">${waited(at, useIsland().clock.quarter.value)}</span>`;
}
