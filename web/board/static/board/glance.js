// The figures at a glance: of this moment, and of today.

import { html } from "../island/html.js";
import { length } from "../island/times.js";
import { n, t } from "../island/words.js";
import { useBoard } from "./store.js";

/** @typedef {{ words: string, figure: string | number, kind?: string, hint?: string }} TileProps */

export function Glance() {
  const { store } = useBoard();
  const { waiting, held, online } = store.glance.value;
  return html`<ul class="tiles" aria-label=${t("At a glance")}>
    <${Tile} words=${t("Waiting")} figure=${waiting} />
    <${Due} />
    <${Tile} words=${t("With agents")} figure=${held} />
    <${Tile} words=${t("People online")} figure=${online} />
    <${Load} />
    <${Today} />
  </ul>`;
}

function Due() {
  const present = useBoard().store.present.value;
  if (!present) return null;
  const { overdue, soon_overdue: soon } = present;
  return html`<${Tile} words=${t("Overdue")} figure=${overdue} kind=${overdue ? "bad" : ""} hint=${t("Conversations in queues and with agents whose reply was due.")} />
    <${Tile} words=${t("Soon overdue")} figure=${soon} hint=${t("Conversations whose reply is due within five minutes.")} />`;
}

function Load() {
  const present = useBoard().store.present.value;
  if (!present) return null;
  return html`<${Tile} words=${t("Load")} figure=${percentage(present.load_percent)} hint=${t("What people online hold, of what they may hold at most.")} />`;
}

function Today() {
  const today = useBoard().store.today.value;
  if (!today) return null;
  const { handled, closed, first_response_seconds: response, ratings } = today;
  return html`<${Tile} words=${t("Handled today")} figure=${handled} hint=${t("Conversations in which an agent has texted the consumer since midnight.")} />
    <${Tile} words=${t("Closed today")} figure=${closed} hint=${t("Conversations that agents closed since midnight.")} />
    <${Tile} words=${t("First response")} figure=${response === null ? "–" : length(response)}
      hint=${t("The median time from a consumer's first text to the first text of an agent.")} />
    <${Tile} words=${t("CSAT today")} figure=${percentage(ratings.percent)} hint=${n("{n} answer", "{n} answers", ratings.answers)} />`;
}

/** @param {number | null} percent */
export const percentage = (percent) => (percent === null ? "–" : t("{n} %", { n: percent }));

/** @param {TileProps} props */
function Tile({ words, figure, kind = "", hint }) {
  return html`<li class="tile" title=${hint}><span class="quiet">${words}</span> <span class="figure ${kind}">${figure}</span></li>`;
}
