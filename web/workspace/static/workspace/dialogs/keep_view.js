// Keeping the filters of the list under a name.

import { newKey, request } from "../../island/api.js";
import { html } from "../../island/html.js";
import { Field } from "../../island/parts.js";
import { t } from "../../island/words.js";
import { kept, ofView } from "../query.js";
import { go } from "../route.js";
import { useWorkspace } from "../store.js";
import { FormDialog } from "./form.js";

/** @import { ViewOut } from "../../wire.js" */
/** @import { DialogProps } from "./open_dialog.js" */

/** @param {DialogProps} props */
export function KeepView({ onClose }) {
  const { store, loading } = useWorkspace();
  const query = store.query.value;
  const named = store.views.value.find((view) => view.id === query.named);
  const give = async (/** @type {Record<string, string>} */ { name, shared }) => {
    const body = { name, filters: kept(query), is_shared: shared === "on" };
    const outcome = await request("/v1/views", { method: "POST", key: newKey(), body });
    if (outcome.state === "done") {
      await loading.views();
      go({
        query: ofView(/** @type {ViewOut} */ (outcome.value)),
        conversation: store.selected.peek(),
      });
    }
    return resultOf(outcome);
  };
  return html`<${FormDialog} title=${t("Keep this list as a view")} done=${t("Keep")} onClose=${onClose} give=${give}>
    <p>${t("A view keeps its filters and its order, and shows whatever passes them by then.")}</p>
    <${Field} label=${t("Name")}>${(/** @type {string} */ id) =>
      html`<input id=${id} name="name" required maxlength="80" dir="auto" autofocus value=${named?.name ?? ""} />`}<//>
    ${store.boot.value.supervises && html`<label class="check"><input type="checkbox" name="shared" /> <span>${t("For everybody of the account")}</span></label>`}
  <//>`;
}

/** What a form makes of an answer. @param {import("../../island/api.js").Outcome<any>} outcome @returns {any} */
export function resultOf(outcome) {
  if (outcome.state !== "none") return outcome;
  return { state: "refused", sentence: t("There is no connection. Nothing is lost: try again.") };
}
