// The closing reason: chosen when a conversation is closed, or given to one that is closed already.

import { html } from "../../island/html.js";
import { t } from "../../island/words.js";
import { useWorkspace } from "../store.js";
import { useTelling } from "../undoing.js";
import { FormDialog } from "./form.js";

/** @import { Boot, ReasonName } from "../../wire.js" */
/** @import { DialogProps } from "./open_dialog.js" */

const NONE = t("This account has no closing reasons for this skill.");

/** @typedef {ReasonName & { id: string }} Reason */

/** The reasons in use for a skill's conversations, by name. @param {Boot} boot @param {string | null} skill @returns {Reason[]} */
export function reasonsFor({ closing_reasons: all }, skill) {
  const isFor = (/** @type {ReasonName} */ one) =>
    !one.is_retired && (!one.skills.length || (skill !== null && one.skills.includes(skill)));
  const found = Object.entries(all).filter(([, one]) => isFor(one));
  const named = found.map(([id, one]) => ({ id, ...one }));
  return named.sort((one, other) => one.name.localeCompare(other.name));
}

/** @param {{ reasons: Reason[], isNeeded: boolean, given?: string | null }} props */
export function ReasonChoice({ reasons, isNeeded, given = null }) {
  const legend = isNeeded ? t("Closing reason (required)") : t("Closing reason");
  const line = (
    /** @type {string} */ id,
    /** @type {string} */ name,
    /** @type {boolean} */ isFirst,
  ) =>
    html`<label class="tick"><input type="radio" name="reason" value=${id} required=${isNeeded}
      defaultChecked=${id === (given ?? (isNeeded ? null : ""))} autofocus=${isFirst} /> <bdi>${name}</bdi></label>`;
  return html`<fieldset class="ticks"><legend>${legend}</legend>
    ${!isNeeded && line("", t("None"), true)}
    ${reasons.map(({ id, name }, index) => line(id, name, isNeeded && index === 0))}
  </fieldset>`;
}

/** @param {DialogProps} props */
export function GiveReason({ id, onClose }) {
  const { store, acts } = useWorkspace();
  const telling = useTelling();
  const row = store.rows.value.get(id);
  if (!row) return null;
  const before = row.closing_reason_id;
  const reasons = reasonsFor(store.boot.value, row.skill_id);
  const set = (/** @type {string} */ reason) =>
    acts.do(id, t("Closing reason"), "closing-reason", { reason }, "PUT");
  const give = async (/** @type {Record<string, string>} */ { reason = "" }) => {
    if (!reason) return { state: "refused", sentence: NONE };
    const undo = before ? () => set(before) : undefined;
    return telling(await set(reason), t("The closing reason is set."), undo);
  };
  return html`<${FormDialog} title=${t("Closing reason")} done=${t("Set")} onClose=${onClose} give=${give}>
    ${reasons.length ? html`<${ReasonChoice} reasons=${reasons} isNeeded=${true} given=${before} />` : html`<p class="quiet">${NONE}</p>`}
  <//>`;
}
