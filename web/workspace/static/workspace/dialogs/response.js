// Promising a reply within some working time.

import { html } from "../../island/html.js";
import { Field } from "../../island/parts.js";
import { n, t } from "../../island/words.js";
import { useWorkspace } from "../store.js";
import { FormDialog } from "./form.js";

/** @import { DialogProps } from "./open_dialog.js" */

const [MINUTE, HOUR] = [60, 3600];
const CHOICES = [
  ...[5, 15, 30].map((count) => ({
    seconds: count * MINUTE,
    words: t("{n} minutes", { n: count }),
  })),
  ...[1, 2, 4, 8, 24].map((count) => ({
    seconds: count * HOUR,
    words: n("{n} hour", "{n} hours", count),
  })),
];

/** @param {DialogProps} props */
export function Response({ id, onClose }) {
  const { acts } = useWorkspace();
  const give = (/** @type {Record<string, string>} */ { seconds }) =>
    acts.do(
      id,
      t("Response time"),
      "response-time",
      { seconds: seconds ? Number(seconds) : null },
      "PUT",
    );
  const options = CHOICES.map(
    ({ seconds, words }) =>
      html`<option value=${seconds} selected=${seconds === HOUR}>${words}</option>`,
  );
  return html`<${FormDialog} title=${t("Response time")} done=${t("Set")} onClose=${onClose} give=${give}>
    <p>${t("The consumer may be told when to expect a reply. Only working hours count.")}</p>
    <${Field} label=${t("Reply within")}>${(/** @type {string} */ field) =>
      html`<select id=${field} name="seconds">${options}<option value="">${t("Default from the settings")}</option></select>`}<//>
  <//>`;
}
