// Marks of a conversation: its status, its deadline, its rating.

import { useIsland } from "../island/context.js";
import { html } from "../island/html.js";
import { Time } from "../island/parts.js";
import { t } from "../island/words.js";

/** @import { Rating, ResponseState, Row } from "../wire.js" */

const SOON_MS = 300000;
const STATUS = {
  waiting: t("Waiting"),
  assigned: t("Open"),
  survey: t("Being rated"),
  closed: t("Closed"),
};

/** @param {{ row: Row }} props */
export function Status({ row }) {
  if (row.bot_name)
    return html`<span class="status bot">${t("Bot {name}", { name: row.bot_name })}</span>`;
  return html`<span class="status ${row.status}">${STATUS[row.status]}</span>`;
}

/** A conversation becomes overdue without an event. @param {Row} row @param {number} now @returns {ResponseState} */
function stateNow(row, now) {
  const state = row.response_state ?? "ongoing";
  if (!row.response_due_at) return state;
  const left = Date.parse(row.response_due_at) - now;
  if (left > SOON_MS) return state;
  return left <= 0 ? "overdue" : "soon_overdue";
}

/** When a reply is due. @param {{ row: Row }} props */
export function Response({ row }) {
  const now = useIsland().clock.quarter.value;
  if (!row.response_state) return null;
  const state = stateNow(row, now);
  // That all is well needs no mark.
  if (state === "ongoing" && !row.response_due_at) return null;
  const words = {
    overdue: t("Overdue"),
    soon_overdue: t("Due soon"),
    idle: t("Idle"),
    ongoing: t("Due"),
  };
  return html`<span class="response ${state}"><span data-words>${words[state]}</span>
    ${row.response_due_at && html` <${Time} at=${row.response_due_at} />`}</span>`;
}

/** @param {{ rating: Rating | null }} props */
export function Score({ rating }) {
  if (!rating) return null;
  const stars = rating.stars ?? 0;
  return html`<span class="score ${rating.is_satisfied ? "good" : "poor"}">
    ${
      rating.stars === null
        ? html`<bdi>${rating.words}</bdi>`
        : html`<span class="hidden" dir="auto">${rating.words}</span><span aria-hidden="true"
          ><span class="on">${"★".repeat(stars)}</span><span class="off">${"★".repeat(5 - stars)}</span></span>`
    }
    ${rating.is_late && html` <span class="quiet">${t("(late)")}</span>`}
  </span>`;
}
