// A request without an answer yet, or one that was refused.

import { html } from "../island/html.js";
import { Icon } from "../island/icons.js";
import { Button } from "../island/parts.js";
import { signed } from "../island/signing.js";
import { t } from "../island/words.js";
import { isOpen } from "./outbox.js";
import { useWorkspace } from "./store.js";

/** @import { Item } from "./outbox.js" */

/** `isHere`: it stands in its own conversation. @param {{ item: Item, isHere: boolean }} props */
export function OnItsWay({ item, isHere }) {
  const { outbox } = useWorkspace();
  const isBehind = outbox.isBehind(item);
  const isBubble = item.isText && isHere;
  const isRefused = item.state === "refused";
  const state = html`<span class="delivery"><${Icon} name=${isRefused ? "warn" : "clock"} />${stateOf(item, isBehind)}</span>`;
  const kind = `${isBubble ? "message" : "act"} ${item.what === "note" ? "note" : "agent"} ${isRefused ? "refused" : ""}`;
  const why = isRefused ? item.refused : whyOf(item, isBehind);
  const words = html`<${Words} item=${item} />`;
  return html`<li class=${kind} data-key=${item.key}>
    ${
      isBubble
        ? html`<p class="byline">${bylineOf(item, isHere)}</p>${words}<p class="foot">${state}</p>`
        : html`<p><strong>${bylineOf(item, isHere)}</strong> · ${state}</p>${item.text && words}`
    }
    ${why && html`<p class="why">${why}</p>`}
    ${isRefused && html`<${AfterRefusal} item=${item} />`}
  </li>`;
}

/** @param {{ item: Item }} props */
function Words({ item }) {
  const { pictures } = item;
  const text = signed(item.text, item.signature ?? null);
  return html`${
    pictures.length > 0 &&
    html`<ul class="chosen-pictures">${pictures.map(
      (id) =>
        html`<li key=${id}><img alt=${t("Picture")} src="/v1/media/${id}/thumbnail" width="64" height="64" /></li>`,
    )}</ul>`
  }${text && html`<p class="words" dir="auto">${text}</p>`}`;
}

/** @param {{ item: Item }} props */
function AfterRefusal({ item }) {
  const { outbox, drafts, store } = useWorkspace();
  const rights = store.opened.value.get(item.conversation)?.rights;
  const mayWrite = item.what === "note" ? rights?.may_note : rights?.may_reply;
  const edit = () => {
    const { conversation, text, pictures, savedReply, after: actions } = item;
    const surface = item.what === "note" ? "note" : "reply";
    outbox.discard(item.key);
    drafts.giveBack(conversation, surface, { text, pictures, savedReply, actions });
    drafts.choose(conversation, surface);
  };
  return html`<p class="row">
    ${item.isText && mayWrite && html`<${Button} words=${t("Edit")} onClick=${edit} />`}
    <${Button} words=${t("Discard")} onClick=${() => outbox.discard(item.key)} />
  </p>`;
}

/** @param {Item} item @param {boolean} isHere */
function bylineOf({ what, isText, isLater, whom: name }, isHere) {
  if (!isText) return isHere ? what : t("{what}: {name}", { what, name });
  if (what === "note")
    return isHere ? t("Your private note") : t("Your private note on {name}", { name });
  if (isLater)
    return isHere ? t("Your scheduled text") : t("Your scheduled text to {name}", { name });
  return isHere ? t("Your text") : t("Your text to {name}", { name });
}

/** @param {Item} item @param {boolean} isBehind */
function stateOf(item, isBehind) {
  if (item.state === "refused") return REFUSED[kindOf(item)];
  if (isBehind) return t("Waiting");
  return item.tries ? t("On its way") : t("Sending");
}

/** @param {Item} item @returns {"reply" | "note" | "act"} */
const kindOf = ({ what }) => (what === "reply" || what === "note" ? what : "act");

const REFUSED = { reply: t("Not sent"), note: t("Not added"), act: t("Not done") };
const BEHIND = {
  reply: t("It will be sent after the one before it."),
  note: t("It will be added after the one before it."),
  act: t("It will be done after the one before it."),
};
const UNREACHED = {
  reply: t("There is no connection. It will be sent once, as soon as there is one."),
  note: t("There is no connection. It will be added once, as soon as there is one."),
  act: t("There is no connection. It will be done once, as soon as there is one."),
};
const IN_DOUBT = {
  reply: t(
    "No answer came in time, so it may already have been sent. It is sent only once: you need not write it again.",
  ),
  note: t(
    "No answer came in time, so it may already have been added. It is added only once: you need not write it again.",
  ),
  act: t(
    "No answer came in time, so it may already have been done. It is done only once: you need not do it again.",
  ),
};

/** @param {Item} item @param {boolean} isBehind */
function whyOf(item, isBehind) {
  if (!isOpen(item)) return null;
  if (isBehind) return BEHIND[kindOf(item)];
  if (item.state === "unreached") return UNREACHED[kindOf(item)];
  return item.state === "in doubt" ? IN_DOUBT[kindOf(item)] : null;
}
