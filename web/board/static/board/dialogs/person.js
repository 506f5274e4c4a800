// The state and the capacity of somebody, set for them. They are told who did it.

import { html, useState } from "../../island/html.js";
import { FormDialog } from "../../island/form_dialog.js";
import { Field } from "../../island/parts.js";
import { STATES, stateWords } from "../../island/topbar.js";
import { t } from "../../island/words.js";
import { useBoard } from "../store.js";

/** @import { AgentState } from "../../wire.js" */
/** @import { DialogProps } from "./open_dialog.js" */

const MOST = 100;

/** @param {DialogProps} props */
export function SetPerson({ id, onClose }) {
  const { store, acts } = useBoard();
  // As it was when the dialog opened: what changes meanwhile changes nothing that is typed here.
  const [one] = useState(store.agents.peek().get(id));
  if (!one) return null;
  const { agent } = one;
  const give = (/** @type {Record<string, string>} */ { state = "", capacity }) => {
    const [name, ...reason] = state.split(":");
    return acts.setPerson(agent, {
      state: /** @type {AgentState} */ (name),
      reason: reason.join(":") || null,
      capacity: capacity ? Number(capacity) : null,
    });
  };
  return html`<${FormDialog} title=${t("State and capacity of {name}", { name: agent.name })} done=${t("Set")} onClose=${onClose} give=${give}>
    <fieldset class="ticks"><legend>${t("State")}</legend>${choices(
      store.own.value.reasons,
      agent.state_reason,
    ).map(
      ([
        state,
        reason,
      ]) => html`<label class="tick"><input type="radio" name="state" value="${state}:${reason ?? ""}"
        defaultChecked=${state === agent.state && reason === agent.state_reason} /> <span class="dot ${state}"></span> ${stateWords(state, reason)}</label>`,
    )}</fieldset>
    <${Field} label=${t("Capacity")} hint=${t("(leave empty for the account's default)")}>${(
      /** @type {string} */ field,
    ) =>
      html`<input id=${field} name="capacity" type="number" min="0" max=${MOST} inputmode="numeric" defaultValue=${agent.capacity ?? ""} />`}<//>
    <p class="quiet">${t("They are told that you changed it.")}</p>
  <//>`;
}

/** The states one can be in: away with a reason, too. @param {string[]} reasons @param {string | null} now @returns {[AgentState, string | null][]} */
function choices(reasons, now) {
  const known = now === null || reasons.includes(now) ? reasons : [now, ...reasons];
  return Object.keys(STATES).flatMap((each) => {
    const state = /** @type {AgentState} */ (each);
    /** @type {[AgentState, string | null][]} */
    const away = state === "away" ? known.map((reason) => [state, reason]) : [];
    return /** @type {[AgentState, string | null][]} */ ([[state, null], ...away]);
  });
}
