// What became of a text of ours: ticks, which tell more when they are pressed.

import { html, useState } from "../../island/html.js";
import { Icon } from "../../island/icons.js";
import { Button, Failure, Time } from "../../island/parts.js";
import { isolated, rich, t } from "../../island/words.js";
import { useWorkspace } from "../store.js";
import { useCommand } from "../use_command.js";

/** @import { IconName } from "../../island/icons.js" */
/** @import { Entry, MessageOut } from "../../wire.js" */

/** @type {Record<string, IconName>} */
const ICONS = {
  queued: "clock",
  sending: "clock",
  unknown: "doubt",
  sent: "sent",
  delivered: "delivered",
  undelivered: "warn",
  failed: "warn",
};
const ALARMING = ["failed", "undelivered", "unknown"];
/** @type {Record<string, string>} */
const MEANING = {
  queued: t("It waits here and has not been handed to the provider yet."),
  sending: t("It is being handed to the provider."),
  unknown: t(
    "The provider did not answer, so nobody knows whether it was sent. It is not sent again.",
  ),
  sent: t("The provider has taken it. The phone has not confirmed it yet."),
  delivered: t("The phone has confirmed it."),
  undelivered: t("The provider has taken it, and it did not reach the phone."),
  failed: t("It was not sent."),
};

/** @param {{ words: string, message: MessageOut, isOpen: boolean, onToggle: () => void }} props */
export function Delivery({ words, message, isOpen, onToggle }) {
  const { status, parts, parts_delivered: arrived, waiting_reason: waits } = message;
  const isPartly = arrived !== null && arrived < (parts ?? 0);
  const state = isPartly
    ? t("{state}: {arrived} of {parts} parts delivered", { state: words, arrived, parts })
    : words;
  const isTold = ALARMING.includes(status) || isPartly || waits;
  const meaning = message.failure_sentence ?? waits ?? MEANING[status] ?? "";
  return html`<button type="button" class="delivery ${status}" title=${`${state}. ${meaning}`} aria-expanded=${isOpen ? "true" : "false"} onClick=${onToggle}>
    <${Icon} name=${waits ? "pause" : (ICONS[status] ?? "clock")} /><span class=${isTold ? "" : "hidden"}>${state}</span></button>`;
}

/** What the ticks mean, since when, and what the provider said. @param {{ words: string, message: MessageOut }} props */
export function DeliveryDetail({ words, message }) {
  const { status, status_at: at, failure_sentence: failure } = message;
  const since = rich(t("{state} since {time}."), {
    state: words,
    time: html`<${Time} at=${at} />`,
  });
  return html`<div class="about-delivery">
    <p>${since} ${!failure && MEANING[status]}</p>
    <${ProviderSaid} message=${message} />
  </div>`;
}

/** The provider's own code, with its words. @param {{ message: MessageOut }} props */
function ProviderSaid({ message: { provider_code: code, provider_message: words } }) {
  if (!code) return null;
  return html`<p class="code">${t("Provider code: {code}.", { code })} ${words && html`<bdi>${words}</bdi>`}</p>`;
}

/** Why it did not arrive, and what can be done. @param {{ entry: Entry, message: MessageOut, isSentAgain: boolean }} props */
export function FailureLine({ entry, message, isSentAgain }) {
  const { failure_sentence: sentence, may_send_again: mayAgain } = message;
  if (!sentence) return null;
  const isAgain = isSentAgain || entry.is_sent_again;
  return html`<div class="failure"><p>${isolated(sentence)}</p>
    <${ProviderSaid} message=${message} />
    ${isAgain && html`<p class="quiet">${t("Its words were sent again.")}</p>`}
    ${mayAgain && !isAgain && html`<${SendAgain} message=${message} />`}</div>`;
}

/** @param {{ message: MessageOut }} props */
function SendAgain({ message }) {
  const { store, acts } = useWorkspace();
  const id = store.selected.value ?? "";
  const { run, isBusy, refused } = useCommand(() => acts.sendAgain(id, message.id));
  if (!store.opened.value.get(id)?.rights.may_reply) return null;
  return html`<${Button} icon="again" words=${t("Send again")} isBusy=${isBusy} onClick=${run} />
    <${Failure} words=${refused} />`;
}

/** Whether the ticks of a text tell more. @returns {[boolean, () => void]} */
export function useTold() {
  const [isOpen, open] = useState(false);
  return [isOpen, () => open(!isOpen)];
}
