// Texts that will be sent later, the next one first.

import { html, useState } from "../../island/html.js";
import { Icon } from "../../island/icons.js";
import { Button, Failure, Until } from "../../island/parts.js";
import { isolated, t } from "../../island/words.js";
import { useWorkspace } from "../store.js";

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
  const [refused, refuse] = useState(/** @type {string | null} */ (null));
  const [isBusy, setBusy] = useState(false);
  const cancel = async () => {
    setBusy(true);
    const result = await acts.cancelScheduled(id, text.id);
    setBusy(false);
    refuse(result.state === "refused" ? result.sentence : null);
  };
  const label = t("Cancel: {text}", { text: text.text.slice(0, 40) });
  return html`<li id="scheduled-${text.id}"><${Icon} name="later" />
    <div>
      <p class="words" dir="auto">${text.text}</p>
      <p class="foot">${text.whose} ${t("text will be sent")} <${Until} at=${text.at} />${text.unless_answered && t(", unless the consumer replies first")}${
        text.held_because && t(". It waits for the end of {reason}.", { reason: text.held_because })
      }</p>
      <${Failure} words=${refused} />
    </div>
    ${text.may_cancel && html`<${Button} words=${t("Cancel")} label=${isolated(label)} isBusy=${isBusy} onClick=${cancel} />`}
  </li>`;
}
