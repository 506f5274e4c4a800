// Labels that are put on those that are chosen, and taken off.

import { html, useEffect } from "../../island/html.js";
import { n, t } from "../../island/words.js";
import { useBoard } from "../store.js";
import { BulkForm } from "./bulk_form.js";

/** @import { LabelName } from "../../wire.js" */
/** @import { DialogProps } from "./open_dialog.js" */

const CHOICES = { "": t("No change"), add: t("Add"), remove: t("Remove") };

/** @param {DialogProps} props */
export function Label({ onClose }) {
  const { store, acts } = useBoard();
  // Labels may have been made since the page was loaded.
  useEffect(() => void acts.load(), []);
  const labels = Object.entries(store.boot.value.labels)
    .filter(([, one]) => !one.is_retired)
    .sort(([, one], [, other]) => one.name.localeCompare(other.name));
  const action = (/** @type {Record<string, string>} */ values) => {
    const those = (/** @type {string} */ what) =>
      labels.flatMap(([id]) => (values[id] === what ? [id] : []));
    const [add, remove] = [those("add"), those("remove")];
    if (!add.length && !remove.length) return t("Choose a label to add or to remove.");
    return /** @type {const} */ ({ kind: "label", add, remove });
  };
  return html`<${BulkForm} title=${(/** @type {number} */ count) => n("Label {n} conversation", "Label {n} conversations", count)}
    done=${t("Label")} onClose=${onClose} action=${action}>
    ${labels.map(([id, one]) => html`<${Line} key=${id} id=${id} label=${one} />`)}
    ${!labels.length && html`<p class="quiet">${t("This account has no labels.")}</p>`}
    <p class="quiet">${t("This can be undone.")}</p>
  <//>`;
}

/** @param {{ id: string, label: LabelName }} props */
function Line({ id, label }) {
  return html`<fieldset class="label-line"><legend><span class="label ${label.colour}"><bdi>${label.name}</bdi></span></legend>
    ${Object.entries(CHOICES).map(([value, words]) => html`<label class="tick"><input type="radio" name=${id} value=${value} defaultChecked=${value === ""} /> ${words}</label>`)}
  </fieldset>`;
}
