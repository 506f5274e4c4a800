// Which conversations are shown.

import { html } from "../../island/html.js";
import { Field } from "../../island/parts.js";
import { t } from "../../island/words.js";
import { PRIORITIES } from "../../island/priorities.js";
import { useBoard } from "../store.js";

/** @import { Wanted } from "./wanted.js" */

/** @typedef {[value: string, words: string]} Choice */

const UNANSWERED = "any";
/** @type {Choice[]} */
const STATUSES = [
  ["waiting assigned", t("All open")],
  ["waiting", t("Waiting")],
  ["assigned", t("With agents")],
  ["survey", t("Being rated")],
  ["closed", t("Closed")],
  ["", t("All")],
];
/** @type {Choice[]} */
const WAITS = [
  ["", t("All")],
  [UNANSWERED, t("Any time")],
  ["5", t("5 minutes or longer")],
  ["15", t("15 minutes or longer")],
  ["60", t("1 hour or longer")],
  ["240", t("4 hours or longer")],
];

/** @type {Choice[]} */
const URGENT = [
  ["", t("All")],
  ...Object.entries(PRIORITIES).map(([one, { words }]) => /** @type {Choice} */ ([one, words])),
];

export function Filters() {
  const { store, listing } = useBoard();
  const shown = listing.wanted.value;
  if (!shown) return null;
  const set = (/** @type {Partial<Wanted>} */ changed) => listing.show({ ...shown, ...changed });
  const { labels } = store.boot.value;
  const skills = [...store.queues.value.values()].map(({ skill_id, name }) => [skill_id, name]);
  const people = [...store.agents.value.values()].map(({ agent }) => [agent.id, agent.name]);
  const inUse = Object.entries(labels).filter(([id, one]) => !one.is_retired || id === shown.label);
  return html`<div class="filters" role="group" aria-label=${t("Filters")}>
    <${Choose} label=${t("Status")} value=${shown.status.join(" ")} choices=${STATUSES}
      onChange=${(/** @type {string} */ value) => set({ status: value ? value.split(" ") : [] })} />
    <${Choose} label=${t("Skill")} value=${shown.skill} choices=${named(skills)} onChange=${(/** @type {string} */ skill) => set({ skill: skill || null })} />
    <${Choose} label=${t("Person")} value=${shown.agent} choices=${named(people)} onChange=${(/** @type {string} */ agent) => set({ agent: agent || null })} />
    <${Choose} label=${t("Label")} value=${shown.label} choices=${named(inUse.map(([id, one]) => [id, one.name]))}
      onChange=${(/** @type {string} */ label) => set({ label: label || null })} />
    <${Choose} label=${t("Priority")} value=${shown.priority} choices=${URGENT}
      onChange=${(/** @type {any} */ priority) => set({ priority: priority || null })} />
    <${Choose} label=${t("Unanswered for")} value=${shown.minutes ?? (shown.unanswered ? UNANSWERED : "")} choices=${WAITS}
      onChange=${(/** @type {string} */ value) => set(waiting(value))} />
    <${Tick} words=${t("Overdue")} isOn=${shown.overdue} onChange=${(/** @type {boolean} */ overdue) => set({ overdue })} />
  </div>`;
}

/** What is asked for by a choice of WAITS. @param {string} value */
const waiting = (value) => ({
  unanswered: value === UNANSWERED,
  minutes: value && value !== UNANSWERED ? Number(value) : null,
});

/** What is chosen by name, or not at all. @param {string[][]} choices */
const named = (choices) => [
  ["", t("All")],
  ...choices.toSorted(([, one = ""], [, other = ""]) => one.localeCompare(other)),
];

/** @param {{ label: string, value: string | number | null, choices: Choice[], onChange: (value: string) => void }} props */
function Choose({ label, value, choices, onChange }) {
  return html`<${Field} label=${label}>${(
    /** @type {string} */ id,
  ) => html`<select id=${id} dir="auto" onChange=${(/** @type {any} */ event) => onChange(event.currentTarget.value)}>
    ${choices.map(([each, words]) => html`<option value=${each} selected=${String(value ?? "") === each}>${words}</option>`)}
  </select>`}<//>`;
}

/** @param {{ words: string, isOn: boolean, onChange: (isOn: boolean) => void }} props */
function Tick({ words, isOn, onChange }) {
  return html`<label class="tick"><input type="checkbox" checked=${isOn} onChange=${(/** @type {any} */ event) => onChange(event.currentTarget.checked)} /> ${words}</label>`;
}
