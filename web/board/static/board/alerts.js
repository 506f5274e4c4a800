// What managers should know of while it lasts: long waits, nobody online, texts that do not pass.

import { useIsland } from "../island/context.js";
import { html } from "../island/html.js";
import { Icon } from "../island/icons.js";
import { lasted } from "../island/times.js";
import { t } from "../island/words.js";
import { useBoard } from "./store.js";

/** @import { AlertKind, AlertOut, PausedConnector } from "../wire.js" */

/** @type {Record<AlertKind, (name: string) => string>} */
const SENTENCES = {
  waiting_long: (name) => t("Conversations for {name} have waited too long", { name }),
  nobody_online: (name) =>
    t("Conversations are waiting for {name}, and nobody is online", { name }),
  connector_paused: (name) =>
    t("{name} accepts no texts at the moment; they are waiting", { name }),
  texts_refused: (name) => t("Texts to {name} are refused", { name }),
  bound_reached: (name) => t("More texts than are allowed were written on {name}", { name }),
  line_broken: (name) => t("{name} is not set up right at its provider", { name }),
  export_failing: (name) => t("The scheduled export {name} fails", { name }),
};

/** Those about a skill, whose queue can be looked at.
 * @type {AlertKind[]}
 */
const OF_SKILLS = ["waiting_long", "nobody_online"];

export function Alerts() {
  const { store } = useBoard();
  const paused = store.paused.value;
  const isShown = (/** @type {AlertOut} */ { kind, subject }) =>
    kind !== "connector_paused" || !paused.some(({ id }) => id === subject);
  const alerts = store.alerts.value.filter(isShown);
  return html`<section class="alerts" role="status" aria-label=${t("Alerts")}>
    ${paused.map((one) => html`<${Paused} key=${one.id} connector=${one} />`)}
    ${alerts.map((one) => html`<${Alert} key=${one.id} alert=${one} />`)}
  </section>`;
}

/** @param {{ alert: AlertOut }} props */
function Alert({ alert: { kind, subject, name, began_at } }) {
  const { listing } = useBoard();
  const see = () => listing.show({ status: ["waiting"], skill: subject });
  return html`<div class="alert">
    <${Icon} name="warn" />
    <p><strong>${SENTENCES[kind](name)}</strong><${Lasted} since=${began_at} /></p>
    ${OF_SKILLS.includes(kind) && html`<button type="button" onClick=${see}>${t("See them")}</button>`}
  </div>`;
}

/** @param {{ connector: PausedConnector }} props */
function Paused({ connector: { name, pause } }) {
  const { administers } = useBoard().store.boot.value;
  return html`<div class="alert">
    <${Icon} name="warn" />
    <p><strong>${t("{name} is out of order", { name })}</strong><${Lasted} since=${pause.paused_at} /><br />
      <bdi>${pause.sentence}</bdi> ${t("Its texts wait. They leave by themselves once the connection works.")}</p>
    ${administers && html`<a class="button" href="/admin/account">${t("Settings")}</a>`}
  </div>`;
}

/** @param {{ since: string }} props */
function Lasted({ since }) {
  return html` <span class="since">${lasted(since, useIsland().clock.quarter.value)}</span>`;
}
