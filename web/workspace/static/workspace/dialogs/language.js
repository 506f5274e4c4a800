// Choosing the language of a conversation.

import { html } from "../../island/html.js";
import { Field } from "../../island/parts.js";
import { t } from "../../island/words.js";
import { useWorkspace } from "../store.js";
import { FormDialog } from "./form.js";

/** @import { DialogProps } from "./open_dialog.js" */

/** @param {DialogProps} props */
export function LanguageChoice({ id, onClose }) {
  const { store, acts } = useWorkspace();
  const language = store.opened.value.get(id)?.language;
  const give = (/** @type {Record<string, string>} */ values) =>
    acts.do(id, t("Language"), "language", { language: values.language }, "PUT");
  const choices = (language?.choices ?? []).map(
    ({ code, name }) =>
      html`<option value=${code} selected=${code === language?.code}>${name}</option>`,
  );
  return html`<${FormDialog} title=${t("Language")} done=${t("Set")} onClose=${onClose} give=${give}>
    <p>${t("Automatic messages and the survey use this language from now on, also when the consumer texts again another day.")}</p>
    <${Field} label=${t("The consumer writes")}>${(/** @type {string} */ field) =>
      html`<select id=${field} name="language" dir="auto">${choices}</select>`}<//>
  <//>`;
}
