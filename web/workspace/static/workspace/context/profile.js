// The consumer: who they are, and whether they can be texted.

import { html } from "../../island/html.js";
import { Avatar, calledBy, formatted } from "../../island/parts.js";
import { t } from "../../island/words.js";

/** @import { ConsumerDetail, Opened } from "../../wire.js" */

/** @param {{ opened: Opened }} props */
export function Profile({ opened }) {
  const { consumer } = opened;
  return html`<section><div class="profile">
    <${Avatar} name=${calledBy(consumer)} id=${consumer.id} />
    <div><h2><bdi>${calledBy(consumer)}</bdi></h2>
      ${consumer.name && html`<p class="quiet"><bdi>${formatted(consumer.number)}</bdi></p>`}
      <p class="quiet"><${Standing} consumer=${consumer} /></p></div>
  </div></section>`;
}

/** @param {{ consumer: ConsumerDetail }} props */
function Standing({ consumer }) {
  if (consumer.blocked_at) {
    return html`<strong class="bad">${t("Blocked")}</strong>: <span dir="auto">${consumer.blocked_reason}</span>`;
  }
  if (consumer.is_opted_out || consumer.opted_out_lines.length) {
    return html`<strong class="bad">${t("Opted out of texts")}</strong>`;
  }
  return t("Can be texted");
}
