// Filters of the list that is shown: quick ones to switch, a menu for the others, and a chip for each.

import { html } from "../../island/html.js";
import { PRIORITIES } from "../../island/priorities.js";
import { Icon } from "../../island/icons.js";
import { Field, Menu } from "../../island/parts.js";
import { isolated, n, t } from "../../island/words.js";
import { isFiltered, isSame, ofView } from "../query.js";
import { go } from "../route.js";
import { useWorkspace } from "../store.js";

/** @import { Boot, Priority } from "../../wire.js" */
/** @import { Query } from "../query.js" */

const MINUTES = [5, 15, 30, 60, 240, 1440];
const FEWEST_DIGITS = 3;

/** @returns {(changes: Partial<Query>) => void} */
function useChange() {
  const { store } = useWorkspace();
  return (changes) =>
    go({
      query: { ...store.query.peek(), ...changes },
      conversation: store.selected.peek(),
    });
}

export function Filters() {
  const query = useWorkspace().store.query.value;
  const change = useChange();
  const quick = /** @type {const} */ ([
    ["unread", t("Unread")],
    ["unanswered", t("Unanswered")],
    ["overdue", t("Overdue")],
    ...(query.failed ? [/** @type {const} */ (["failed", t("Not delivered")])] : []),
  ]);
  return html`<div class="filters" role="group" aria-label=${t("Filters")}>
    ${quick.map(
      ([name, words]) =>
        html`<button type="button" class="filter" aria-pressed=${query[name] ? "true" : "false"}
        onClick=${() => change({ [name]: !query[name] })}>${words}</button>`,
    )}
    <${FilterMenu} />
    <${Chips} />
    <${Keep} />
  </div>`;
}

function FilterMenu() {
  const { store } = useWorkspace();
  const { people, skills, line_names: lines, labels } = store.boot.value;
  const query = store.query.value;
  const change = useChange();
  const named = (/** @type {Record<string, string>} */ names) =>
    Object.entries(names).sort(([, one], [, other]) => one.localeCompare(other));
  const ofLabels = Object.fromEntries(Object.entries(labels).map(([id, { name }]) => [id, name]));
  return html`<${Menu} kind="filter-menu" label=${t("Filter and order")} summary=${html`<${Icon} name="filter" />`}>
    <label class="check"><input type="checkbox" checked=${query.failed}
      onChange=${() => change({ failed: !store.query.peek().failed })} /> ${t("Not delivered")}</label>
    <${Choice} label=${t("Status")} value=${query.status[0] ?? ""} choices=${Object.entries(STATUS)}
      choose=${(/** @type {string} */ one) => change({ status: one ? [one] : [] })} />
    <${Choice} label=${t("Skill")} value=${query.skill ?? ""} choices=${named(skills)} choose=${(/** @type {string} */ skill) => change({ skill: skill || null })} />
    <${Choice} label=${t("Line")} value=${query.line ?? ""} choices=${named(lines)} choose=${(/** @type {string} */ line) => change({ line: line || null })} />
    <${Choice} label=${t("Agent")} value=${query.agent ?? ""} choices=${named(people)} choose=${(/** @type {string} */ agent) => change({ agent: agent || null })} />
    <${Choice} label=${t("Label")} value=${query.label[0] ?? ""} choices=${named(ofLabels)}
      choose=${(/** @type {string} */ one) => change({ label: one ? [one] : [] })} />
    <${Choice} label=${t("Priority")} value=${query.priority[0] ?? ""} choices=${PRIORITY}
      choose=${(/** @type {Priority} */ one) => change({ priority: one ? [one] : [] })} />
    <${Choice} label=${t("Waits at least")} value=${String(query.minutes ?? "")} choices=${MINUTES.map((each) => [String(each), long(each)])}
      choose=${(/** @type {string} */ one) => change({ minutes: one ? Number(one) : null })} />
    <${NumberPart} />
    <${Choice} label=${t("Order")} value=${query.sort ?? ""} none=${t("As usual")} choices=${Object.entries(ORDERS)}
      choose=${(/** @type {any} */ sort) => change({ sort: sort || null })} />
  <//>`;
}

const STATUS = {
  waiting: t("Waiting"),
  assigned: t("Open"),
  survey: t("Being rated"),
  closed: t("Closed"),
};
/** @type {[string, string][]} */
const PRIORITY = Object.entries(PRIORITIES).map(([one, { words }]) => [one, words]);
const ORDERS = {
  longest_waiting: t("Longest wait first"),
  due_first: t("Due first"),
  newest: t("Newest first"),
};

/** @param {number} minutes */
function long(minutes) {
  if (minutes < 60) return n("{n} minute", "{n} minutes", minutes);
  if (minutes < 1440) return n("{n} hour", "{n} hours", minutes / 60);
  return n("{n} day", "{n} days", minutes / 1440);
}

/**
 * @param {{ label: string, value: string, choices: [string, string][], none?: string,
 *   choose: (value: string) => void }} props
 */
function Choice({ label, value, choices, none = t("Any"), choose }) {
  const made = choices.map(
    ([key, words]) => html`<option value=${key} selected=${key === value}>${words}</option>`,
  );
  return html`<${Field} label=${label}>${(/** @type {string} */ id) =>
    html`<select id=${id} dir="auto" onChange=${(/** @type {any} */ event) => choose(event.currentTarget.value)}>
    <option value="" selected=${!value}>${none}</option>${made}</select>`}<//>`;
}

function NumberPart() {
  const { store } = useWorkspace();
  const change = useChange();
  const typed = (/** @type {any} */ event) => {
    const part = event.currentTarget.value.trim();
    const isLong = part.replace(/\D/g, "").length >= FEWEST_DIGITS;
    if (!part || isLong) change({ part: part || null });
  };
  return html`<${Field} label=${t("Number")} hint=${t("(three digits or more)")}>${(
    /** @type {string} */ id,
  ) =>
    html`<input id=${id} inputmode="tel" autocomplete="off" value=${store.query.value.part ?? ""} onChange=${typed} />`}<//>`;
}

/** What filters besides the quick ones, each to be taken away. */
function Chips() {
  const { store } = useWorkspace();
  const change = useChange();
  const made = chipsOf(store.query.value, store.boot.value).map(
    ({
      words,
      without,
    }) => html`<button type="button" class="filter chosen" onClick=${() => change(without)}
    aria-label=${t("Without {filter}", { filter: words })}><bdi>${words}</bdi><${Icon} name="cross" /></button>`,
  );
  return made;
}

/** @param {Query} query @param {Boot} boot @returns {{ words: string, without: Partial<Query> }[]} */
function chipsOf({ status, skill, line, agent, label, priority, minutes, part, sort }, boot) {
  const known = (/** @type {string | undefined} */ name) => isolated(name ?? t("unknown"));
  const one = (/** @type {Partial<Query>} */ without, /** @type {string} */ words) => ({
    ...{ words, without },
  });
  const sorted = sort ? ORDERS[sort] : "";
  return [
    ...status.map((each) => one({ status: [] }, /** @type {any} */ (STATUS)[each])),
    ...(skill ? [one({ skill: null }, known(boot.skills[skill]))] : []),
    ...(line ? [one({ line: null }, known(boot.line_names[line]))] : []),
    ...(agent ? [one({ agent: null }, known(boot.people[agent]))] : []),
    ...label.map((each) => one({ label: [] }, known(boot.labels[each]?.name))),
    ...priority.map((each) => one({ priority: [] }, PRIORITIES[each].told)),
    ...(minutes === null
      ? []
      : [one({ minutes: null }, t("Waits {long} or more", { long: long(minutes) }))]),
    ...(part ? [one({ part: null }, t("Number {part}", { part }))] : []),
    ...(sorted ? [one({ sort: null }, sorted)] : []),
  ];
}

/** Offers to keep filters that no view has. */
function Keep() {
  const { store } = useWorkspace();
  const query = store.query.value;
  const isKept = store.views.value.some((view) => isSame(ofView(view), query));
  if (isKept || !(isFiltered(query) || query.sort)) return null;
  return html`<button type="button" class="filter keep" onClick=${() => store.openDialog("keep-view")}>
    <${Icon} name="saved" />${t("Keep as a view")}</button>`;
}
