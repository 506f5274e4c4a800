// Why a conversation is where it is: the routing decisions, with the agents who were considered.

import { readPatiently } from "../../island/api.js";
import { html, useEffect, useState } from "../../island/html.js";
import { Button, Dialog, Time } from "../../island/parts.js";
import { isolated, t } from "../../island/words.js";

/** @import { CandidateOut, DecisionOut } from "../../wire.js" */
/** @import { DialogProps } from "./open_dialog.js" */

/** @typedef {{ items: DecisionOut[], next: string | null }} Part */

const KINDS = {
  skill: t("Skill"),
  fallback: t("Fallback"),
  assigned: t("Assigned"),
  offered: t("Offered"),
  picked: t("Taken"),
  waiting: t("Waiting"),
};

/** @param {DialogProps} props */
export function Why({ id, onClose }) {
  const [part, setPart] = useState(/** @type {Part | null} */ (null));
  const load = async () => {
    const more = part?.next ? `?cursor=${part.next}` : "";
    const outcome = await readPatiently(`/v1/conversations/${id}/routing${more}`);
    if (outcome.state !== "done") return;
    const { items, next } = /** @type {Part} */ (outcome.value);
    setPart({ items: [...(part?.items ?? []), ...items], next });
  };
  useEffect(() => void load(), [id]);
  return html`<${Dialog} title=${t("Why here?")} kind="broad" onClose=${onClose}>
    <div class="decisions" aria-live="polite" tabindex="0">
      ${part ? html`<${Decisions} part=${part} />` : html`<p class="quiet">${t("Loading …")}</p>`}
      ${part?.next && html`<${Button} kind="quiet-button" words=${t("Show more")} onClick=${load} />`}
    </div>
    <div class="row"><${Button} words=${t("Close")} onClick=${onClose} /></div>
  <//>`;
}

/** @param {{ part: Part }} props */
function Decisions({ part: { items } }) {
  if (!items.length)
    return html`<p class="quiet">${t("No routing decision is on record for this conversation.")}</p>`;
  return html`<ol>${items.map(
    (one) => html`<li key=${one.id}>
    <p><span class="chip">${KINDS[one.kind]}</span> <${Time} at=${one.at} /></p>
    <p class="reason">${isolated(one.reason)}</p>
    ${one.candidates.length > 0 && html`<${Candidates} candidates=${one.candidates} />`}
  </li>`,
  )}</ol>`;
}

/** @param {{ candidates: CandidateOut[] }} props */
function Candidates({ candidates }) {
  return html`<table>
    <caption class="hidden">${t("Agents who were considered")}</caption>
    <thead><tr><th scope="col">${t("Agent")}</th><th scope="col">${t("Load")}</th><th scope="col">${t("Why")}</th></tr></thead>
    <tbody>${candidates.map(
      (
        one,
      ) => html`<tr class=${one.chosen ? "chosen" : ""}><th scope="row"><bdi>${one.name}</bdi></th>
      <td>${t("{load} of {capacity}", { load: Number(one.load.toFixed(2)), capacity: one.capacity })}</td><td>${isolated(one.why)}</td></tr>`,
    )}</tbody>
  </table>`;
}
