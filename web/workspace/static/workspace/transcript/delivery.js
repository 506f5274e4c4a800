// What became of a text of ours.

import { html } from "../../island/html.js";
import { Icon } from "../../island/icons.js";
import { isolated, t } from "../../island/words.js";
import { useWorkspace } from "../store.js";

/** @import { MessageOut } from "../../wire.js" */

const ALARMING = ["failed", "undelivered", "unknown"];

/** @param {{ words: string, message: MessageOut }} props */
export function Delivery({ words, message }) {
  const { status, parts, parts_delivered: arrived } = message;
  const isPartly = arrived !== null && arrived < (parts ?? 0);
  return html`<span class="delivery ${status}">${ALARMING.includes(status) && html`<${Icon} name="warn" />`}
    ${isPartly ? t("{state}: {arrived} of {parts} parts delivered", { state: words, arrived, parts }) : words}</span>`;
}

/** Why it did not arrive; to managers with the provider's own code. @param {{ message: MessageOut }} props */
export function FailureLine({ message }) {
  const { supervises } = useWorkspace().store.boot.value;
  const { failure_sentence: sentence, provider_code: code, provider_message: words } = message;
  if (!sentence) return null;
  const told = html`<span class="code">${t("Provider code: {code}.", { code })} ${words && html`<bdi>${words}</bdi>`}</span>`;
  return html`<p class="failure">${isolated(sentence)} ${code && supervises && told}</p>`;
}
