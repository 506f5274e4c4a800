// Taking a conversation over, and telling its agent why.

import { html } from "../../island/html.js";
import { Field } from "../../island/parts.js";
import { t } from "../../island/words.js";
import { useWorkspace } from "../store.js";
import { FormDialog } from "./form.js";

/** @import { DialogProps } from "./open_dialog.js" */

/** @param {DialogProps} props */
export function TakeOver({ id, onClose }) {
  const { acts, store } = useWorkspace();
  const row = store.rows.value.get(id);
  const holder = store.boot.value.people[row?.agent_id ?? ""];
  const give = (/** @type {Record<string, string>} */ { reason }) =>
    acts.do(id, t("Take over"), "take-over", { reason: reason || null });
  return html`<${FormDialog} title=${t("Take this conversation over?")} done=${t("Take over")} onClose=${onClose} give=${give}>
    ${holder && html`<p>${t("{name} is told that you took it, and keeps what they were writing.", { name: holder })}</p>`}
    <${Field} label=${t("Why")} hint=${t("(optional) a private note, which its agent is shown")}>${(
      /** @type {string} */ field,
    ) => html`<textarea id=${field} name="reason" rows="2" dir="auto"></textarea>`}<//>
  <//>`;
}
