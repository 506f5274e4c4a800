// Continuing a closed conversation in a new one.

import { html } from "../../island/html.js";
import { t } from "../../island/words.js";
import { useWorkspace } from "../store.js";
import { FormDialog } from "./form.js";
import { CountedText } from "./counted_text.js";

/** @import { DialogProps } from "./open_dialog.js" */

/** @param {DialogProps} props */
export function Resume({ id, onClose }) {
  const { store, acts } = useWorkspace();
  const isSmart = store.opened.value.get(id)?.smart_encoding ?? false;
  const give = (/** @type {Record<string, string>} */ { text }) => acts.resume(id, text ?? "");
  return html`<${FormDialog} title=${t("Resume with this consumer")} done=${t("Send")} onClose=${onClose} give=${give}>
    <p>${t("Your text opens a new conversation, which is yours. Quiet hours and opt-outs count as for every text that nobody has asked for.")}</p>
    <${CountedText} isSmart=${isSmart} />
  <//>`;
}
