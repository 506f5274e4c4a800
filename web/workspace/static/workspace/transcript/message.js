// One text or note of a transcript.

import { html, memo } from "../../island/html.js";
import { Icon } from "../../island/icons.js";
import { Time } from "../../island/parts.js";
import { exactly } from "../../island/times.js";
import { isolated, n, rich, t } from "../../island/words.js";
import { useWorkspace } from "../store.js";
import { Delivery, DeliveryDetail, FailureLine, useTold } from "./delivery.js";
import { Files } from "./files.js";
import { Tools } from "./tools.js";
import { Words } from "./clickable.js";

/** @import { Entry, MessageOut } from "../../wire.js" */

/** @type {import("preact").ComponentType<{ entry: Entry, message: MessageOut, follows: boolean, leads: boolean, isSentAgain: boolean }>} */
export const Message = memo(
  ({ entry, message, follows, leads, isSentAgain }) => html`<li id="message-${message.id}"
    class="message ${message.author} ${entry.is_survey ? "survey" : ""} ${follows ? "follows" : ""}"
    data-position=${entry.id} data-command=${entry.command ?? undefined} tabindex="-1">
    <p class="byline ${follows ? "hidden" : ""}">${entry.is_survey && html`<${Icon} name="star" />`}${byline(entry, message)}</p>
    <${Files} files=${message.media} />
    ${(message.text || !message.media.length) && html`<${Words} text=${message.text} title=${exactly(entry.at)} />`}
    ${!leads && html`<${Foot} entry=${entry} message=${message} />`}
    <${FailureLine} entry=${entry} message=${message} isSentAgain=${isSentAgain} />
    ${message.waiting_reason && html`<p class="waits">${isolated(message.waiting_reason)}</p>`}
    <${Tools} entry=${entry} />
  </li>`,
);

/** Who wrote it. @param {Entry} entry @param {MessageOut} message */
function byline({ is_survey: isSurvey, label, by }, { author, bot_name: bot }) {
  if (isSurvey) return label ? t("Survey: {label}", { label }) : t("Survey: the consumer's answer");
  const name = by?.name;
  switch (author) {
    case "consumer":
      return t("Consumer");
    case "system":
      return label ? t("Automatic: {label}", { label }) : t("Automatic");
    case "bot":
      return t("Bot {name}", { name });
    case "note":
      if (bot) return t("Private note by the bot {name}", { name });
      return name ? t("Private note by {name}", { name }) : t("Note by Switchboard");
    default:
      return name ? isolated(name) : t("Agent");
  }
}

/** @param {{ entry: Entry, message: MessageOut }} props */
function Foot({ entry, message }) {
  const { administers } = useWorkspace().store.boot.value;
  const [isOpen, toggle] = useTold();
  const facts = [
    html`<${Time} at=${entry.at} />`,
    entry.planned_at &&
      rich(t("scheduled at {time}"), { time: html`<${Time} at=${entry.planned_at} />` }),
    message.sent_at &&
      rich(t("arrived late, sent at {time}"), { time: html`<${Time} at=${message.sent_at} />` }),
    message.is_truncated && t("cut at 5000 characters"),
    partsOf(message),
    message.late_part_of &&
      html`<a href="#message-${message.late_part_of}">${t("late part of a long text")}</a>`,
    message.segments > 1 && t("{n} segments", { n: message.segments }),
    entry.sends_again && t("sent again"),
    entry.delivery &&
      html`<${Delivery} words=${entry.delivery} message=${message} isOpen=${isOpen} onToggle=${toggle} />`,
    ...(administers ? billing(message) : []),
  ];
  const shown = facts.filter(Boolean).flatMap((fact, index) => (index ? [" · ", fact] : [fact]));
  return html`<p class="foot">${shown}</p>
    ${isOpen && entry.delivery && html`<${DeliveryDetail} words=${entry.delivery} message=${message} />`}`;
}

/** @param {MessageOut} message */
function partsOf({ parts_received: arrived, parts }) {
  if (arrived === null) return null;
  if (arrived < (parts ?? 0)) return t("{arrived} of {parts} parts arrived", { arrived, parts });
  return t("in {parts} parts", { parts });
}

/** What an admin sees besides. @param {MessageOut} message */
function billing({ id, author, billed_segments: billed, price, price_currency: currency }) {
  return [
    billed && n("{n} segment billed", "{n} segments billed", billed),
    price !== null && `${price} ${currency ?? ""}`,
    author !== "note" && html`<a href="/admin/exchanges/${id}">${t("What the provider said")}</a>`,
  ];
}
