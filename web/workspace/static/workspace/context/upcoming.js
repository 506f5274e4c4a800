// What happens next by itself, and whether the conversation may close after silence.

import { html } from "../../island/html.js";
import { Icon } from "../../island/icons.js";
import { Button, Failure, Time, Until } from "../../island/parts.js";
import { rich, t } from "../../island/words.js";
import { useWorkspace } from "../store.js";
import { useCommand } from "../use_command.js";
import { Card } from "./card.js";

/** @import { Opened, UpcomingOut } from "../../wire.js" */

/** @param {{ opened: Opened }} props */
export function Upcoming({ opened }) {
  const { row, upcoming, rights } = opened;
  const isHeld = row.is_auto_close_held;
  if (!upcoming.length && !isHeld && !rights.may_handle) return null;
  return html`<${Card} name="upcoming" title=${t("What happens next")}>
    <ul class="ahead">
      ${upcoming.map((due) => html`<li key=${due.kind} id="ahead-${due.kind}-${row.id}"><${Icon} name="clock" /><span><${Ahead} due=${due} /></span></li>`)}
      ${isHeld && html`<li class="held"><${Icon} name="pause" /><span>${t("Auto-close is on hold: the conversation stays open however long the consumer is silent.")}</span></li>`}
      ${!isHeld && !upcoming.length && html`<li class="quiet">${t("Nothing is scheduled.")}</li>`}
    </ul>
    ${rights.may_handle && html`<${Hold} id=${row.id} isHeld=${isHeld} />`}
  <//>`;
}

/** A deadline as a sentence that counts down. @param {{ due: UpcomingOut }} props */
export function Ahead({ due: { sentence, at, since } }) {
  return rich(sentence, {
    when: html`<${Until} at=${at} />`,
    since: since && html`<${Time} at=${since} />`,
  });
}

/** @param {{ id: string, isHeld: boolean }} props */
function Hold({ id, isHeld }) {
  const { acts } = useWorkspace();
  const words = isHeld ? t("Resume auto-close") : t("Hold auto-close");
  const title = isHeld ? t("Close after silence again") : t("Do not close after silence");
  const { run, isBusy, refused } = useCommand(() =>
    acts.do(id, words, "auto-close", { held: !isHeld }, "PUT"),
  );
  return html`<${Button} kind="hold" icon=${isHeld ? "clock" : "pause"} words=${words} title=${title} isBusy=${isBusy} onClick=${run} />
    <${Failure} words=${refused} />`;
}
