// Dialogs that ask once more: returning to the queue, opting out.

import { html } from "../../island/html.js";
import { Field } from "../../island/parts.js";
import { t } from "../../island/words.js";
import { useWorkspace } from "../store.js";
import { FormDialog } from "./form.js";

/** @import { DialogProps } from "./open_dialog.js" */

/** @param {DialogProps} props */
export function Return({ id, onClose }) {
  const { acts } = useWorkspace();
  const give = (/** @type {Record<string, string>} */ { note }) =>
    acts.do(id, t("Return to queue"), "return-to-queue", { note: note || null });
  return html`<${FormDialog} title=${t("Return to the queue?")} done=${t("Return")} onClose=${onClose} give=${give}>
    <p>${t("It goes to the next free agent with this skill, to somebody else if possible.")}</p>
    <${NoteField} />
  <//>`;
}

/** @param {DialogProps} props */
export function OptOut({ id, onClose }) {
  const { acts } = useWorkspace();
  const give = (/** @type {Record<string, string>} */ { reason }) =>
    acts.toConsumer(id, t("Opt out"), "opt-out", { reason: reason || null });
  return html`<${FormDialog} title=${t("Opt the consumer out?")} done=${t("Opt out")} onClose=${onClose} give=${give}>
    <p>${t("They will get no more texts from any of your numbers, and all their conversations close without a survey. Only they can undo this, by texting START.")}</p>
    <${Field} label=${t("Reason")} hint=${t("(optional) stands in the record of consent")}>${(
      /** @type {string} */ field,
    ) => html`<input id=${field} name="reason" dir="auto" maxlength="500" />`}<//>
  <//>`;
}

/** A note that travels with a conversation. @param {{ label?: string }} props */
export function NoteField({ label = t("Private note") }) {
  return html`<${Field} label=${label} hint=${t("(optional)")}>${(/** @type {string} */ id) =>
    html`<textarea id=${id} name="note" rows="3" dir="auto"></textarea>`}<//>`;
}
