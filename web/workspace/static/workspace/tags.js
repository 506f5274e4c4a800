// Marks that people put on conversations: labels, and that one is snoozed.

import { useIsland } from "../island/context.js";
import { html } from "../island/html.js";
import { Icon } from "../island/icons.js";
import { PRIORITIES } from "../island/priorities.js";
import { clock } from "../island/times.js";
import { t } from "../island/words.js";
import { useWorkspace } from "./store.js";

/** @import { LabelName, Priority, Row } from "../wire.js" */

/** A label in its colour. @param {{ label: LabelName }} props */
export const LabelMark = ({ label }) =>
  html`<span class="label ${label.colour}" title=${label.name}><bdi>${label.name}</bdi></span>`;

/** How urgent a conversation is, where that is not as usual. @param {{ priority: Priority }} props */
export function PriorityMark({ priority }) {
  if (priority === "normal") return null;
  const { words, colour, told } = PRIORITIES[priority];
  return html`<span class="label priority ${colour}" title=${told}>${words}</span>`;
}

/** The labels of a conversation, by name. `most`: how many are shown; the others are counted. @param {{ row: Row, most?: number }} props */
export function Labels({ row, most = Number.POSITIVE_INFINITY }) {
  const { labels } = useWorkspace().store.boot.value;
  const known = row.label_ids.flatMap((id) => labels[id] ?? []);
  const sorted = known.sort((one, other) => one.name.localeCompare(other.name));
  const left = sorted.slice(most).map(({ name }) => name);
  return html`${sorted.slice(0, most).map((label) => html`<${LabelMark} key=${label.name} label=${label} />`)}${
    left.length > 0 &&
    html`<span class="label grey counted" title=${left.join(", ")}>+${left.length}</span>`
  }`;
}

/** That a conversation is put away, and until when. @param {{ row: Row }} props */
export function Snoozed({ row }) {
  const { quarter } = useIsland().clock;
  if (!row.snoozed_at) return null;
  const until = row.snoozed_until;
  const words = until
    ? t("Snoozed until {time}", { time: clock(until, quarter.value) })
    : t("Snoozed until they text");
  return html`<span class="chip snoozed"><${Icon} name="later" />${words}</span>`;
}
