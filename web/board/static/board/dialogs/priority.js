// How urgent those are that are chosen.

import { html } from "../../island/html.js";
import { n, t } from "../../island/words.js";
import { PRIORITIES } from "../../island/priorities.js";
import { BulkForm } from "./bulk_form.js";

/** @import { Priority } from "../../wire.js" */
/** @import { DialogProps } from "./open_dialog.js" */

/** @param {DialogProps} props */
export function SetPriority({ onClose }) {
  const action = (/** @type {Record<string, string>} */ values) =>
    /** @type {const} */ ({
      kind: "priority",
      priority: /** @type {Priority} */ (values.priority ?? "normal"),
    });
  const made = Object.entries(PRIORITIES).map(
    ([
      one,
      { words, colour },
    ]) => html`<label class="tick" key=${one}><input type="radio" name="priority" value=${one} defaultChecked=${one === "normal"} />
      <span class="label priority ${colour}">${words}</span></label>`,
  );
  return html`<${BulkForm} title=${(/** @type {number} */ count) => n("Priority of {n} conversation", "Priority of {n} conversations", count)}
    done=${t("Set")} onClose=${onClose} action=${action}>
    <fieldset class="ticks"><legend class="hidden">${t("Priority")}</legend>${made}</fieldset>
    <p class="quiet">${t("It can be undone.")}</p>
  <//>`;
}
