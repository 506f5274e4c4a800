// Transferring to a skill or to a colleague: who is free now.

import { request } from "../../island/api.js";
import { html, useEffect, useState } from "../../island/html.js";
import { stateWords } from "../../island/topbar.js";
import { t } from "../../island/words.js";
import { useWorkspace } from "../store.js";
import { NoteField } from "./confirm.js";
import { FormDialog } from "./form.js";

/** @import { AgentTargetOut, SkillTargetOut, TargetsOut } from "../../wire.js" */
/** @import { DialogProps } from "./open_dialog.js" */

/** @param {DialogProps} props */
export function Transfer({ id, onClose }) {
  const { acts } = useWorkspace();
  const [targets, setTargets] = useState(/** @type {TargetsOut | null} */ (null));
  useEffect(() => {
    request(`/v1/conversations/${id}/transfer-targets`).then((outcome) => {
      if (outcome.state === "done") setTargets(/** @type {TargetsOut} */ (outcome.value));
    });
  }, [id]);
  const give = (/** @type {Record<string, string>} */ { to = "", note }) => {
    const [kind = "", target = ""] = to.split(":");
    return acts.do(id, t("Transfer"), "transfers", { [kind]: target, note: note || null });
  };
  return html`<${FormDialog} title=${t("Transfer")} done=${t("Transfer")} onClose=${onClose} give=${give}>
    <div class="targets" aria-live="polite">
      ${targets ? html`<${Targets} targets=${targets} />` : html`<p class="quiet">${t("Checking who is free …")}</p>`}
    </div>
    <${NoteField} label=${t("What for, as a private note")} />
  <//>`;
}

/** @param {{ targets: TargetsOut }} props */
function Targets({ targets: { skills, agents } }) {
  return html`<fieldset><legend>${t("Skills")}</legend>
      ${skills.map((skill) => html`<${SkillLine} skill=${skill} />`)}
      ${!skills.length && html`<p class="quiet">${t("Conversations of this skill cannot go to another one.")}</p>`}
    </fieldset>
    <fieldset><legend>${t("Agents")}</legend>${agents.map((agent) => html`<${AgentLine} agent=${agent} />`)}</fieldset>`;
}

/** @param {{ skill: SkillTargetOut }} props */
function SkillLine({ skill }) {
  const isHeld = skill.holders > 0;
  return html`<label class="target ${isHeld ? "" : "out"}">
    <input type="radio" name="to" value="skill:${skill.id}" required disabled=${!isHeld} />
    <span class="target-name" dir="auto">${skill.name}</span>
    <span class="facts">${skillFacts(skill)}</span>
  </label>`;
}

/** @param {SkillTargetOut} skill */
function skillFacts({ holders, online, free, waiting }) {
  if (!holders) return t("Nobody has this skill");
  const places = { online, holders, free, waiting };
  const who = online
    ? t("{online} of {holders} online, {free} free", places)
    : t("{online} of {holders} online", places);
  return waiting ? `${who} · ${t("{waiting} waiting", places)}` : who;
}

/** @param {{ agent: AgentTargetOut }} props */
function AgentLine({ agent }) {
  return html`<label class="target">
    <input type="radio" name="to" value="agent:${agent.id}" required />
    <span class="dot ${agent.state}"></span>
    <span class="target-name" dir="auto">${agent.name}</span>
    <span class="facts">${agentFacts(agent)}</span>
  </label>`;
}

/** @param {AgentTargetOut} agent */
function agentFacts({ free_slots: free, state, reason, load, capacity }) {
  if (free === null) return stateWords(state, reason);
  const places = { load: Number(load.toFixed(1)), capacity };
  return free ? t("Free: {load} of {capacity}", places) : t("Busy: {load} of {capacity}", places);
}
