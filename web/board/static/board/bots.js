// Bots: how much each has, and whether it is in order.

import { useIsland } from "../island/context.js";
import { html } from "../island/html.js";
import { t } from "../island/words.js";
import { useBoard } from "./store.js";

/** @import { BotAtWork } from "../wire.js" */

export function Bots() {
  const bots = useBoard().store.bots.value;
  if (!bots.length) return null;
  return html`<section class="panel" aria-labelledby="bots-title">
    <h2 id="bots-title">${t("Bots")}</h2>
    <div class="wide-table" tabindex="0" role="region" aria-label=${t("Bots as a table")}>
      <table>
        <thead><tr><th scope="col">${t("Bot")}</th><th scope="col" class="number">${t("Conversations now")}</th><th scope="col">${t("State")}</th></tr></thead>
        <tbody>${bots.map((bot) => html`<${Line} key=${bot.id} bot=${bot} />`)}</tbody>
      </table>
    </div>
  </section>`;
}

/** @param {{ bot: BotAtWork }} props */
function Line({ bot: { id, name, conversations, paused_until: paused } }) {
  const now = useIsland().clock.quarter.value;
  const isPaused = paused !== null && Date.parse(paused) > now;
  const trouble = isPaused
    ? t("Paused after failures; people get its conversations")
    : t("Being tried again");
  return html`<tr id="bot-${id}"><th scope="row"><bdi>${name}</bdi></th>
    <td class="number"><strong>${conversations}</strong></td>
    <td>${paused ? html`<span class="bad">${trouble}</span>` : t("Working")}</td></tr>`;
}
