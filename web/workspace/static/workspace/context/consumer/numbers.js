// The consumer's numbers. Each has its own consent, block and language, merged or not.

import { request } from "../../../island/api.js";
import { useIsland } from "../../../island/context.js";
import { copied } from "../../../island/copying.js";
import { html, useState } from "../../../island/html.js";
import { Icon } from "../../../island/icons.js";
import { Button, Failure } from "../../../island/parts.js";
import { isolated, t } from "../../../island/words.js";
import { useWorkspace } from "../../store.js";

/** @import { ConsumerDetail, ConsumerNumber } from "../../../wire.js" */

/** @param {{ consumer: ConsumerDetail, conversation: string }} props */
export function Numbers({ consumer, conversation }) {
  const isOne = consumer.numbers.length === 1;
  return html`<ul class="numbers" aria-label=${t("Numbers")}>
    ${consumer.numbers.map((one) => html`<${Line} key=${one.consumer_id} one=${one} consumer=${consumer} conversation=${conversation} isOne=${isOne} />`)}
  </ul>`;
}

/** @param {{ one: ConsumerNumber, consumer: ConsumerDetail, conversation: string, isOne: boolean }} props */
function Line({ one, consumer, conversation, isOne }) {
  const isHere = one.consumer_id === consumer.id;
  return html`<li>
    <bdi class="number">${one.number_shown}</bdi><${Copy} words=${one.number} />
    ${isHere && !isOne && html` <span class="quiet">${t("(this conversation)")}</span>`}
    <p class="quiet"><${Standing} one=${one} reason=${isHere ? consumer.blocked_reason : null} /></p>
    ${one.merged_at && html`<${Merged} one=${one} conversation=${conversation} />`}
  </li>`;
}

/** Whether a number can be texted. @param {{ one: ConsumerNumber, reason: string | null }} props */
function Standing({ one, reason }) {
  const lines = useWorkspace().store.boot.value.line_names;
  if (one.blocked_at) {
    return html`<strong class="bad">${t("Blocked")}</strong>${reason && html`: <span dir="auto">${reason}</span>`}`;
  }
  if (one.is_opted_out) return html`<strong class="bad">${t("Opted out of texts")}</strong>`;
  if (one.opted_out_lines.length) {
    const names = one.opted_out_lines.map((line) => isolated(lines[line] ?? line)).join(", ");
    return html`<strong class="bad">${t("Opted out of texts from {lines}", { lines: names })}</strong>`;
  }
  return t("Can be texted");
}

/** @param {{ one: ConsumerNumber, conversation: string }} props */
function Merged({ one, conversation }) {
  const { store, loading } = useWorkspace();
  const [told, tell] = useState(/** @type {string | null} */ (null));
  const [isBusy, setBusy] = useState(false);
  const part = async () => {
    setBusy(true);
    const outcome = await request(`/v1/consumers/${one.consumer_id}/merge`, { method: "DELETE" });
    setBusy(false);
    if (outcome.state === "done") {
      store.putConsumer(/** @type {ConsumerDetail} */ (outcome.value));
      loading.opened(conversation);
    } else if (outcome.state === "refused") tell(outcome.sentence);
    else tell(t("There is no connection. Nothing is lost: try again."));
  };
  const by = one.merged_by;
  return html`<p class="quiet">${by ? t("Merged by {name}", { name: by }) : t("Merged by a program")}${" "}
      <${Button} kind="quiet-button" words=${t("Separate")} label=${t("Separate {number}", { number: one.number_shown })} isBusy=${isBusy} onClick=${part} /></p>
    <${Failure} words=${told} />`;
}

/** Copies a number. @param {{ words: string }} props */
function Copy({ words }) {
  const { toasts } = useIsland();
  const copy = async () => {
    const told = t("Copied: {words}", { words });
    toasts.show({ words: (await copied(words)) ? told : t("The browser does not let us copy.") });
  };
  const label = t("Copy {words}", { words });
  return html`<button type="button" class="icon-button small" aria-label=${label} title=${label} onClick=${copy}><${Icon} name="copy" /></button>`;
}
