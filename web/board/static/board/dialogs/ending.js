// What cannot be undone is asked for once more: closing those that are chosen, and opting out.

import { html, useEffect } from "../../island/html.js";
import { Field } from "../../island/parts.js";
import { n, t } from "../../island/words.js";
import { useBoard } from "../store.js";
import { BulkForm } from "./bulk_form.js";

/** @import { DialogProps } from "./open_dialog.js" */

/** @param {DialogProps} props */
export function Close({ onClose }) {
  const action = (/** @type {Record<string, string>} */ { reason, rating }) =>
    /** @type {const} */ ({
      kind: "close",
      reason: reason || null,
      asks_rating: rating !== undefined,
    });
  return html`<${BulkForm} title=${(/** @type {number} */ count) => n("Close {n} conversation?", "Close {n} conversations?", count)}
    done=${t("Close")} onClose=${onClose} action=${action}>
    <p class="warning">${t("This cannot be undone. A consumer's next text opens a new conversation.")}</p>
    <${Reasons} />
    <label class="check"><input type="checkbox" name="rating" value="yes" defaultChecked /> ${t("Ask the consumers to rate them")}</label>
  <//>`;
}

function Reasons() {
  const { store, acts } = useBoard();
  // Reasons may have been made since the page was loaded.
  useEffect(() => void acts.load(), []);
  const reasons = Object.entries(store.boot.value.closing_reasons)
    .filter(([, one]) => !one.is_retired)
    .sort(([, one], [, other]) => one.name.localeCompare(other.name));
  if (!reasons.length) return null;
  return html`<${Field} label=${t("Closing reason")} hint=${t("(refused where a skill requires a different one)")}>${(
    /** @type {string} */ id,
  ) => html`<select id=${id} name="reason" dir="auto">
    <option value="">${t("None")}</option>
    ${reasons.map(([each, one]) => html`<option value=${each}>${one.name}</option>`)}
  </select>`}<//>`;
}

/** @param {DialogProps} props */
export function OptOut({ onClose }) {
  return html`<${BulkForm} title=${(/** @type {number} */ count) => n("Opt the consumer of {n} conversation out?", "Opt the consumers of {n} conversations out?", count)}
    done=${t("Opt out")} onClose=${onClose} action=${() => /** @type {const} */ ({ kind: "opt_out" })}>
    <p class="warning">${t("This cannot be undone here. They will get no more texts from any of your numbers, and all their conversations close without a survey. Only they can undo it, by texting START.")}</p>
    <label class="check"><input type="checkbox" required /> ${t("I understand that they will get no more texts")}</label>
  <//>`;
}
