// One conversation in a list.

import { useIsland } from "../../island/context.js";
import { inALine } from "../../island/hidden.js";
import { html, memo } from "../../island/html.js";
import { Icon } from "../../island/icons.js";
import { Avatar, Button, calledBy, Failure, Time } from "../../island/parts.js";
import { waited } from "../../island/times.js";
import { isolated, n, t } from "../../island/words.js";
import { Response, Score, Status } from "../marks.js";
import { isUnread, unreadOf } from "../query.js";
import { useWorkspace } from "../store.js";
import { Labels, PriorityMark, Snoozed } from "../tags.js";
import { useCommand } from "../use_command.js";

/** @import { Row, Wait } from "../../wire.js" */
/** @import { View } from "../store.js" */

const MOST_SHOWN = 99;

/** @param {Row} row */
export const isUnanswered = (row) =>
  row.waiting_since !== null && ["waiting", "assigned"].includes(row.status);

/**
 * `hasSkill`: its skill is worth a mark, because those of the others differ.
 * `index`, `count`: its place among all of the list, -1 if its length is not known.
 * @typedef {{ row: Row, view: View, href: string, place: number | null, isCurrent: boolean, hasSkill: boolean,
 *   index: number, count: number }} EntryProps
 */

/** @type {import("preact").ComponentType<EntryProps>} */
export const Entry = memo(({ row, view, href, place, isCurrent, hasSkill, index, count }) => {
  const { store } = useWorkspace();
  const name = calledBy(row.consumer);
  const waits = row.wait?.since ?? (isUnanswered(row) ? row.waiting_since : null);
  const when = row.last_message_at && html`<${Time} at=${row.last_message_at} />`;
  const unread = isUnread(row, store.me);
  return html`<li id="entry-${row.id}" data-conversation-entry=${row.id} aria-posinset=${index + 1} aria-setsize=${count}>
    <a class="entry ${isUnanswered(row) ? "unanswered" : ""} ${unread ? "unread" : ""}" href=${href}
      aria-current=${isCurrent ? "true" : undefined}>
      <${Avatar} name=${name} id=${row.consumer.kept_id} />
      <span class="first"><span class="name"><bdi>${name}</bdi></span>
        ${waits ? html`<${Since} at=${waits} />` : when}</span>
      <span class="second"><span class="preview" dir="auto">${inALine(row.last_text)}</span>
        <${Marks} row=${row} view=${view} hasSkill=${hasSkill} />
        ${unread && html`<${Unread} row=${row} />`}</span>
      ${row.wait && place !== null && html`<${InQueue} wait=${row.wait} place=${place} />`}
    </a>
    ${row.wait && place !== null && store.mayPick(row) && html`<${Take} row=${row} />`}
  </li>`;
});

/** @param {{ row: Row }} props */
function Unread({ row }) {
  const count = unreadOf(row, useWorkspace().store.me);
  const words = count ? n("{n} new text", "{n} new texts", count) : t("Marked as unread");
  const shown = count > MOST_SHOWN ? `${MOST_SHOWN}+` : count || "";
  return html`<span class="unread-mark"><span aria-hidden="true">${shown}</span><span class="hidden">${words}</span></span>`;
}

/** @param {{ row: Row, view: View, hasSkill: boolean }} props */
function Marks({ row, view, hasSkill }) {
  const { store, drafts } = useWorkspace();
  const { people, skills } = store.boot.value;
  const isTitled = row.origin.title && ["source", "notification", "call"].includes(row.origin.kind);
  const isLate =
    row.response_due_at || ["overdue", "soon_overdue"].includes(row.response_state ?? "");
  return html`<span class="marks">
    ${row.has_failed_text && html`<span class="chip not-delivered" title=${t("A text did not arrive, and none after it has left.")}><${Icon} name="warn" />${t("Not delivered")}</span>`}
    ${drafts.begun.value.has(row.id) && html`<span class="chip drafted">${t("Draft")}</span>`}
    ${isTitled && html`<span class="quiet" dir="auto">${row.origin.title}</span>`}
    ${row.offered_agent_id && html`<span class="chip">${t("Offered to {name}", { name: people[row.offered_agent_id] })}</span>`}
    ${!row.offered_agent_id && row.status !== "assigned" && view !== "waiting" && html`<${Status} row=${row} />`}
    ${row.agent_id && view === "all" && html`<span class="quiet" dir="auto">${people[row.agent_id]}</span>`}
    <${Score} rating=${row.rating} />
    <${PriorityMark} priority=${row.priority} /><${Snoozed} row=${row} /><${Labels} row=${row} most=${2} />
    ${isLate && html`<${Response} row=${row} />`}
    ${hasSkill && html`<span class="chip" dir="auto">${skills[row.skill_id ?? ""] ?? t("No skill")}</span>`}
  </span>`;
}

/** @param {{ at: string }} props */
function Since({ at }) {
  return html`<span class="since">${waited(at, useIsland().clock.quarter.value)}</span>`;
}

/** @param {{ wait: Wait, place: number | null }} props */
function InQueue({ wait, place }) {
  return html`<span class="wait"><span class="queue-position">${place}</span>
    <span class="because" title=${wait.because ?? ""}>${wait.because ?? t("In the queue.")}</span></span>`;
}

/** @param {{ row: Row }} props */
function Take({ row }) {
  const { acts } = useWorkspace();
  const { run, isBusy, refused } = useCommand(() => acts.own(row.id, t("Take"), "pick"));
  const label = t("Take {name}", { name: isolated(calledBy(row.consumer)) });
  return html`<div class="take"><${Button} icon="take" words=${t("Take")} label=${label} isBusy=${isBusy} onClick=${run} />
    <${Failure} words=${refused} /></div>`;
}
