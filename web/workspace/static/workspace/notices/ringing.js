// Offered conversations: the time left to accept them, and a sound that can be switched off.

import { useIsland } from "../../island/context.js";
import { inALine } from "../../island/hidden.js";
import { html, useEffect, useState } from "../../island/html.js";
import { Icon } from "../../island/icons.js";
import { Avatar, Button, calledBy, Failure } from "../../island/parts.js";
import { isolated, t } from "../../island/words.js";
import { useWorkspace } from "../store.js";
import { useCommand } from "../use_command.js";
import { isOn, play, toggle } from "./sound.js";

/** @import { Row } from "../../wire.js" */

export function Ringing() {
  const { store } = useWorkspace();
  const now = useIsland().clock.second.value;
  const offers = store.offers.value.filter((row) => leftOf(row, now) > 0);
  useEffect(() => {
    if (offers.length) play();
  }, [now, offers.length]);
  const made = offers.map(
    (row) => html`<${Offer} key=${`${row.id}/${row.offer_ends_at}`} row=${row} />`,
  );
  return html`<div id="ring" aria-live="assertive">${made}</div>`;
}

/** Seconds left to accept. @param {Row} row @param {number} now */
const leftOf = (row, now) => Math.max(0, (Date.parse(row.offer_ends_at ?? "") - now) / 1000);

/** @param {{ row: Row }} props */
function Offer({ row }) {
  const { store } = useWorkspace();
  const { clock } = useIsland();
  const { skills, line_names: lines } = store.boot.value;
  const left = leftOf(row, clock.second.value);
  const [most] = useState(left);
  const name = calledBy(row.consumer);
  return html`<section class="ring" id="ring-${row.id}" aria-label=${t("Incoming: {name}", { name: isolated(name) })}>
    <p class="ring-head"><${Icon} name="ring" /><strong>${t("Incoming conversation")}</strong>
      <span class="countdown" aria-hidden="true">${t("{n} s", { n: Math.ceil(left) })}</span></p>
    <div class="profile"><${Avatar} name=${name} id=${row.consumer.kept_id} /><div>
      <h2><bdi>${name}</bdi></h2>
      <p class="quiet"><bdi>${skills[row.skill_id ?? ""] ?? t("No skill")}</bdi> · <bdi>${lines[row.line_id]}</bdi></p></div></div>
    <p class="preview" dir="auto">${inALine(row.last_text)}</p>
    <progress aria-label=${t("Time left to accept")} max=${most} value=${left}></progress>
    <${Answers} row=${row} />
  </section>`;
}

/** @param {{ row: Row }} props */
function Answers({ row }) {
  const { acts, store } = useWorkspace();
  const accept = useCommand(() => acts.own(row.id, t("Accept"), "accept"));
  const decline = useCommand(async () => {
    const result = await acts.do(row.id, t("Decline"), "decline");
    // Until the stream tells: it rings no more.
    if (result.state !== "refused")
      store.putRows([{ ...row, offered_agent_id: null, offer_ends_at: null }]);
    return result;
  });
  return html`<div class="row">
      <${Button} words=${t("Decline")} isBusy=${decline.isBusy} onClick=${decline.run} />
      <${Button} kind="primary" words=${t("Accept")} isBusy=${accept.isBusy} onClick=${accept.run} />
    </div>
    <${Failure} words=${accept.refused ?? decline.refused} />`;
}

/** Switches the sound off and on. */
export function SoundButton() {
  const [on, setOn] = useState(isOn());
  return html`<button type="button" class="icon-button" id="sound" aria-pressed=${on ? "true" : "false"} aria-label=${t("Sound")}
    title=${t("Sound")} onClick=${() => setOn(toggle())}><${Icon} name=${on ? "sound" : "silent"} /></button>`;
}
