// Transferring those that are chosen, to a skill or to a person.

import { html } from "../../island/html.js";
import { Field } from "../../island/parts.js";
import { stateWords } from "../../island/topbar.js";
import { n, t } from "../../island/words.js";
import { useBoard } from "../store.js";
import { BulkForm } from "./bulk_form.js";

/** @import { AgentAtWork } from "../../wire.js" */
/** @import { DialogProps } from "./open_dialog.js" */

/** @param {DialogProps} props */
export function Transfer({ onClose }) {
  const { store } = useBoard();
  const action = (/** @type {Record<string, string>} */ { to = "", note }) => {
    const [kind = "", target = ""] = to.split(":");
    return /** @type {any} */ ({ kind: "transfer", [kind]: target, note: note || null });
  };
  const skills = [...store.queues.peek().values()].sort((one, other) =>
    one.name.localeCompare(other.name),
  );
  const people = [...store.agents.peek().values()];
  return html`<${BulkForm} title=${(/** @type {number} */ count) => n("Transfer {n} conversation", "Transfer {n} conversations", count)}
    done=${t("Transfer")} onClose=${onClose} action=${action}>
    <${Field} label=${t("To")}>${(
      /** @type {string} */ id,
    ) => html`<select id=${id} name="to" dir="auto" required>
      <option value="">${t("Choose a skill or a person")}</option>
      <optgroup label=${t("Skills")}>${skills.map((one) => html`<option value="skill:${one.skill_id}">${one.name}</option>`)}</optgroup>
      <optgroup label=${t("Team")}>${people.map((one) => html`<option value="agent:${one.agent.id}">${described(one)}</option>`)}</optgroup>
    </select>`}<//>
    <${Field} label=${t("Private note")} hint=${t("(optional)")}>${(/** @type {string} */ id) =>
      html`<textarea id=${id} name="note" rows="3" dir="auto"></textarea>`}<//>
    <p class="quiet">${t("This can be undone for those that nobody has moved since.")}</p>
  <//>`;
}

/** @param {AgentAtWork} one */
function described({ agent, load, capacity }) {
  const places = { load: Number(load.toFixed(1)), capacity };
  const state = stateWords(agent.state, agent.state_reason);
  return t("{name} ({state}, {load} of {capacity})", { name: agent.name, state, ...places });
}
