// Texts that will be sent later, the next one first.

import { html } from "../../island/html.js";
import { Icon } from "../../island/icons.js";
import { Button, Failure, Until } from "../../island/parts.js";
import { isolated, rich, t } from "../../island/words.js";
import { useWorkspace } from "../store.js";
import { useCommand } from "../use_command.js";

/** @import { Opened, ScheduledOut } from "../../wire.js" */

/** @param {{ opened: Opened }} props */
export function Scheduled({ opened }) {
  if (!opened.scheduled.length) return null;
  return html`<section class="scheduled" aria-label=${t("Scheduled texts")}>
    <ul>${opened.scheduled.map((text) => html`<${Line} key=${text.id} text=${text} id=${opened.conversation_id} />`)}</ul>
  </section>`;
}

/** @param {{ text: ScheduledOut, id: string }} props */
function Line({ text, id }) {
  const { acts } = useWorkspace();
  const { run, isBusy, refused } = useCommand(() => acts.cancelScheduled(id, text.id));
  const label = t("Cancel: {text}", { text: text.text.slice(0, 40) });
  return html`<li id="scheduled-${text.id}"><${Icon} name="later" />
    <div>
      <p class="words" dir="auto">${text.text}</p>
      <p class="foot">${sentenceOf(text)}</p>
      <${Failure} words=${refused} />
    </div>
    ${text.may_cancel && html`<${Button} words=${t("Cancel")} label=${isolated(label)} isBusy=${isBusy} onClick=${run} />`}
  </li>`;
}

/** When it will be sent, and what may keep it. @param {ScheduledOut} text */
function sentenceOf({
  at,
  is_own: isOwn,
  agent_name: name,
  unless_answered: unless,
  held_because: reason,
}) {
  const places = { name: name ?? t("Somebody"), when: html`<${Until} at=${at} />`, reason };
  const [own, others] = unless
    ? [
        t("Your text will be sent {when}, unless the consumer replies first."),
        t("{name}'s text will be sent {when}, unless the consumer replies first."),
      ]
    : [t("Your text will be sent {when}."), t("{name}'s text will be sent {when}.")];
  const held = reason ? [" ", ...rich(t("It waits for the end of {reason}."), places)] : [];
  return [...rich(isOwn ? own : others, places), ...held];
}
