// Blocking a consumer, and ending that.

import { html } from "../../island/html.js";
import { Field } from "../../island/parts.js";
import { t } from "../../island/words.js";
import { useWorkspace } from "../store.js";
import { useTelling } from "../undoing.js";
import { FormDialog } from "./form.js";

/** @import { DialogProps } from "./open_dialog.js" */

/** @param {DialogProps} props */
export function Block({ id, onClose }) {
  const { acts, loading } = useWorkspace();
  const telling = useTelling();
  // Without an open conversation no event tells it.
  const block = async (/** @type {string} */ method, /** @type {unknown} */ body) => {
    const result = await acts.toConsumer(id, t("Block"), "block", body, method);
    loading.opened(id);
    return result;
  };
  const give = async (/** @type {Record<string, string>} */ { reason }) =>
    telling(await block("PUT", { reason }), t("The consumer is blocked."), () =>
      block("DELETE", undefined),
    );
  return html`<${FormDialog} title=${t("Block the consumer?")} done=${t("Block")} onClose=${onClose} give=${give}>
    <p>${t("They will get no text at all, and their conversations close. What they write is kept, and nobody is asked to answer it. You can undo this.")}</p>
    <${Field} label=${t("Reason, for colleagues")}>${(/** @type {string} */ field) =>
      html`<input id=${field} name="reason" dir="auto" required maxlength="500" />`}<//>
  <//>`;
}

/** @param {DialogProps} props */
export function Unblock({ id, onClose }) {
  const { acts, loading } = useWorkspace();
  const give = async () => {
    const result = await acts.toConsumer(id, t("Unblock"), "block", undefined, "DELETE");
    loading.opened(id);
    return result;
  };
  return html`<${FormDialog} title=${t("Unblock the consumer?")} done=${t("Unblock")} onClose=${onClose} give=${give}>
    <p>${t("Their next text opens a conversation as usual.")}</p>
  <//>`;
}
