// Transferring to a skill or to a colleague: who is free now.

import { readPatiently } from "../../island/api.js";
import { html, useEffect, useState } from "../../island/html.js";
import { answers } from "../../island/search/folding.js";
import { stateWords } from "../../island/topbar.js";
import { t } from "../../island/words.js";
import { useWorkspace } from "../store.js";
import { NoteField } from "./confirm.js";
import { FormDialog } from "./form.js";

/** @import { AgentTargetOut, SkillTargetOut, TargetsOut } from "../../wire.js" */
/** @import { Result } from "../outbox.js" */
/** @import { DialogProps } from "./open_dialog.js" */

const NOBODY = /** @type {Result} */ ({
  state: "refused",
  code: "",
  sentence: t("Choose a skill or a person."),
});

/** @param {DialogProps} props */
export function Transfer({ id, onClose }) {
  const { acts } = useWorkspace();
  const [targets, setTargets] = useState(/** @type {TargetsOut | null} */ (null));
  const [to, choose] = useState("");
  useEffect(() => {
    let isOpen = true;
    readPatiently(`/v1/conversations/${id}/transfer-targets`, () => isOpen).then((outcome) => {
      if (outcome.state === "done") setTargets(/** @type {TargetsOut} */ (outcome.value));
    });
    return () => {
      isOpen = false;
    };
  }, [id]);
  const give = async (/** @type {Record<string, string>} */ { note }) => {
    if (!to) return NOBODY;
    const [kind = "", target = ""] = to.split(":");
    return acts.do(id, t("Transfer"), "transfers", { [kind]: target, note: note || null });
  };
  return html`<${FormDialog} title=${t("Transfer")} done=${t("Transfer")} onClose=${onClose} give=${give}>
    <${Choice} targets=${targets} to=${to} choose=${choose} />
    <${NoteField} label=${t("What for, as a private note")} />
  <//>`;
}

/** `to`: what is chosen, as its radio button says it. @typedef {{ to: string, choose: (to: string) => void }} Chosen */

/** @param {{ targets: TargetsOut | null } & Chosen} props */
function Choice({ targets, to, choose }) {
  const [wanted, setWanted] = useState("");
  const found = targets && foundIn(targets, wanted, to);
  const pressed = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Enter" || !wanted.trim() || event.isComposing) return;
    const first = found?.skills.find(({ holders }) => holders) ?? found?.agents[0];
    const value = first && ("holders" in first ? `skill:${first.id}` : `agent:${first.id}`);
    // Once it is chosen, Enter transfers.
    if (value && value === to) return;
    event.preventDefault();
    if (value) choose(value);
  };
  return html`<input type="text" autocomplete="off" autofocus value=${wanted} aria-label=${t("Find a skill or a person")} placeholder=${t("Find a skill or a person")}
      onInput=${(/** @type {any} */ event) => setWanted(event.currentTarget.value)} onKeyDown=${pressed} />
    <div class="targets" aria-live="polite">
      ${found ? html`<${Targets} targets=${found} isAll=${!wanted.trim()} to=${to} choose=${choose} />` : html`<p class="quiet">${t("Checking who is free …")}</p>`}
    </div>`;
}

/** Those whose names answer what is looked for, and what is chosen already.
 * @param {TargetsOut} targets @param {string} wanted @param {string} to @returns {TargetsOut}
 */
function foundIn({ skills, agents }, wanted, to) {
  const isShown =
    (/** @type {string} */ kind) => (/** @type {{ id: string, name: string }} */ one) =>
      !wanted.trim() || answers(wanted, one.name) || to === `${kind}:${one.id}`;
  return { skills: skills.filter(isShown("skill")), agents: agents.filter(isShown("agent")) };
}

/** @param {{ targets: TargetsOut, isAll: boolean } & Chosen} props */
function Targets({ targets: { skills, agents }, isAll, to, choose }) {
  if (!isAll && !skills.length && !agents.length)
    return html`<p class="quiet">${t("No skill or person matches.")}</p>`;
  const line = (/** @type {any} */ Line, /** @type {any} */ target) =>
    html`<${Line} key=${target.id} target=${target} to=${to} choose=${choose} />`;
  return html`${
    (isAll || skills.length > 0) &&
    html`<fieldset><legend>${t("Skills")}</legend>
      ${skills.map((skill) => line(SkillLine, skill))}
      ${!skills.length && html`<p class="quiet">${t("Conversations of this skill cannot go to another one.")}</p>`}
    </fieldset>`
  }
    ${agents.length > 0 && html`<fieldset><legend>${t("Agents")}</legend>${agents.map((agent) => line(AgentLine, agent))}</fieldset>`}`;
}

/** @param {{ value: string, isDisabled?: boolean } & Chosen} props */
function Radio({ value, isDisabled = false, to, choose }) {
  return html`<input type="radio" name="to" value=${value} required disabled=${isDisabled} checked=${to === value} onChange=${() => choose(value)} />`;
}

/** @param {{ target: SkillTargetOut } & Chosen} props */
function SkillLine({ target: skill, to, choose }) {
  const isHeld = skill.holders > 0;
  return html`<label class="target ${isHeld ? "" : "out"}">
    <${Radio} value="skill:${skill.id}" isDisabled=${!isHeld} to=${to} choose=${choose} />
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

/** @param {{ target: AgentTargetOut } & Chosen} props */
function AgentLine({ target: agent, to, choose }) {
  return html`<label class="target">
    <${Radio} value="agent:${agent.id}" to=${to} choose=${choose} />
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
