// Going to a date in the transcript.

import { html } from "../../island/html.js";
import { Field } from "../../island/parts.js";
import { t } from "../../island/words.js";
import { useWorkspace } from "../store.js";
import { FormDialog } from "./form.js";

/** @import { DialogProps } from "./open_dialog.js" */

/** @param {DialogProps} props */
export function DateJump({ id, onClose }) {
  const { store, loading } = useWorkspace();
  const row = store.rows.value.get(id);
  const [first, last] = [row?.opened_at, row?.last_message_at ?? row?.opened_at].map(dayOf);
  const give = async (/** @type {Record<string, string>} */ { day }) => {
    const at = new Date(`${day}T00:00`);
    if (Number.isNaN(+at))
      return /** @type {any} */ ({ state: "refused", sentence: t("Choose a date.") });
    await loading.jump(id, at);
    return /** @type {any} */ ({ state: "done" });
  };
  return html`<${FormDialog} title=${t("Go to a date")} done=${t("Go")} onClose=${onClose} give=${give}>
    <${Field} label=${t("Date")}>${(/** @type {string} */ field) =>
      html`<input id=${field} type="date" name="day" required autofocus min=${first} max=${last} value=${first} />`}<//>
  <//>`;
}

/** A moment's day in the reader's zone, as a date field has it. @param {string | undefined} moment */
function dayOf(moment) {
  if (!moment) return undefined;
  const at = new Date(moment);
  const two = (/** @type {number} */ part) => String(part).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}
