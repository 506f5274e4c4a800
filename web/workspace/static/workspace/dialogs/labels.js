// Labels of a conversation: typing finds them, Enter puts the first one found on or off.

import { html, useState } from "../../island/html.js";
import { t } from "../../island/words.js";
import { useWorkspace } from "../store.js";
import { LabelMark } from "../tags.js";
import { useTelling } from "../undoing.js";
import { FormDialog } from "./form.js";

/** @import { Boot, LabelName } from "../../wire.js" */
/** @import { DialogProps } from "./open_dialog.js" */

const FEW = 8;

/** Say whether two sets of labels differ. @param {string[]} one @param {string[]} other */
export const changed = (one, other) =>
  one.length !== other.length || one.some((id) => !other.includes(id));

/** The labels that can stand on a conversation: those in use, and those that are there. @param {Boot} boot @param {string[]} there @returns {[string, LabelName][]} */
function choices({ labels }, there) {
  const usable = Object.entries(labels).filter(
    ([id, one]) => !one.is_retired || there.includes(id),
  );
  return usable.sort(([, one], [, other]) => one.name.localeCompare(other.name));
}

/** @param {{ chosen: string[], onChange: (ids: string[]) => void, isAlone?: boolean }} props */
export function LabelChoice({ chosen, onChange, isAlone = false }) {
  const { store } = useWorkspace();
  const [there] = useState(chosen);
  const [wanted, setWanted] = useState("");
  const all = choices(store.boot.value, there);
  const found = all.filter(([, one]) =>
    one.name.toLowerCase().includes(wanted.trim().toLowerCase()),
  );
  const toggle = (/** @type {string} */ id) =>
    onChange(chosen.includes(id) ? chosen.filter((each) => each !== id) : [...chosen, id]);
  const pressed = (/** @type {KeyboardEvent} */ event) => {
    const [first] = found;
    if (event.key !== "Enter" || !wanted.trim()) return;
    event.preventDefault();
    if (!first) return;
    toggle(first[0]);
    setWanted("");
  };
  const line = (/** @type {[string, LabelName]} */ [id, one]) =>
    html`<label class="tick" key=${id}><input type="checkbox" checked=${chosen.includes(id)} onChange=${() => toggle(id)} /> <${LabelMark} label=${one} /></label>`;
  return html`<fieldset class="ticks"><legend class=${isAlone ? "hidden" : ""}>${t("Labels")}</legend>
    ${
      (isAlone || all.length > FEW) &&
      html`<input type="search" class="find-label" value=${wanted} autofocus=${isAlone} aria-label=${t("Find a label")} placeholder=${t("Find a label")}
        onInput=${(/** @type {any} */ event) => setWanted(event.currentTarget.value)} onKeyDown=${pressed} />`
    }
    ${found.map(line)}
    ${!all.length && html`<p class="quiet">${t("This account has no labels.")}</p>`}
    ${all.length > 0 && !found.length && html`<p class="quiet" role="status">${t("No label is called so.")}</p>`}
  </fieldset>`;
}

/** @param {DialogProps} props */
export function ChooseLabels({ id, onClose }) {
  const { store, acts } = useWorkspace();
  const telling = useTelling();
  const before = store.rows.value.get(id)?.label_ids ?? [];
  const [chosen, choose] = useState(before);
  const set = (/** @type {string[]} */ labels) =>
    acts.do(id, t("Labels"), "labels", { labels }, "PUT");
  const give = async () => {
    const [was, wanted] = [before, chosen];
    return telling(await set(wanted), t("The labels are set."), () => set(was));
  };
  return html`<${FormDialog} title=${t("Labels")} done=${t("Set")} onClose=${onClose} give=${give}>
    <${LabelChoice} chosen=${chosen} onChange=${choose} isAlone=${true} />
  <//>`;
}
