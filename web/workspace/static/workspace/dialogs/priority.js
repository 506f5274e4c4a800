// How urgent a conversation is.

import { html, useState } from "../../island/html.js";
import { PRIORITIES } from "../../island/priorities.js";
import { n, t } from "../../island/words.js";
import { useWorkspace } from "../store.js";
import { useTelling } from "../undoing.js";
import { FormDialog } from "./form.js";

/** @import { Priority } from "../../wire.js" */
/** @import { DialogProps } from "./open_dialog.js" */

/** As `domain.settings.priorities`. @type {Record<Priority, string>} */
const MEANS = {
  urgent: n("Served {n} hour earlier", "Served {n} hours earlier", 2),
  high: n("Served {n} minute earlier", "Served {n} minutes earlier", 30),
  normal: t("Served in its turn"),
  low: n("Served {n} minute later", "Served {n} minutes later", 30),
};

/** @param {DialogProps} props */
export function ChoosePriority({ id, onClose }) {
  const { store, acts } = useWorkspace();
  const telling = useTelling();
  const before = store.rows.value.get(id)?.priority ?? "normal";
  const [chosen, choose] = useState(/** @type {Priority} */ (before));
  const set = (/** @type {Priority} */ priority) =>
    acts.do(id, t("Priority"), "priority", { priority }, "PUT");
  const give = async () => telling(await set(chosen), PRIORITIES[chosen].told, () => set(before));
  const made = /** @type {Priority[]} */ (Object.keys(PRIORITIES)).map(
    (
      one,
    ) => html`<label class="tick" key=${one}><input type="radio" name="priority" value=${one} checked=${chosen === one}
        autofocus=${before === one} onChange=${() => choose(one)} />
      <span class="label priority ${PRIORITIES[one].colour}">${PRIORITIES[one].words}</span> <span class="quiet">${MEANS[one]}</span></label>`,
  );
  return html`<${FormDialog} title=${t("Priority")} done=${t("Set")} onClose=${onClose} give=${give}>
    <fieldset class="ticks"><legend class="hidden">${t("Priority")}</legend>${made}</fieldset>
    <p class="quiet">${t("It counts while it waits in the queue, now and later.")}</p>
  <//>`;
}
