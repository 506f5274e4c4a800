// The one search field, in the middle of the head: numbers, names, words, people, pages, actions.
// A combobox: the focus stays in the field while one moves through what it offers.

import { request } from "../api.js";
import { useIsland, useShortcuts } from "../context.js";
import { html, useEffect, useId, useRef, useState } from "../html.js";
import { Icon } from "../icons.js";
import { n, t } from "../words.js";
import { groupsFor } from "./options.js";

/** @import { SearchOut } from "../../wire.js" */
/** @import { Group, Offer, Option } from "./options.js" */

const PAUSE_MS = 120;

/** @param {{ offer: Offer }} props */
export function SearchBar({ offer }) {
  const { keys } = useIsland();
  const [typed, type] = useState("");
  const [isOpen, open] = useState(false);
  const [at, move] = useState(0);
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  const found = useFound(typed);
  const id = useId();
  const before = useFocus(field);
  const groups = isOpen ? groupsFor(typed, found, offer, keys.shortcuts) : [];
  const options = groups.flatMap((group) => group.options);
  const chosen = Math.min(at, options.length - 1);
  const close = () => {
    open(false);
    type("");
    move(0);
  };
  const leave = () => {
    close();
    (before.current?.isConnected ? before.current : field.current)?.focus();
    if (document.activeElement === field.current) field.current?.blur();
  };
  const run = (/** @type {Option} */ option) => {
    leave();
    option.run();
  };
  const pressed = (/** @type {KeyboardEvent} */ event) => {
    const to = moved(event.key, chosen, options.length);
    const option = options[chosen];
    if (event.isComposing) return;
    if (to !== null) move(to);
    else if (event.key === "Enter" && option) run(option);
    else if (event.key === "Escape") leave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const change = (/** @type {any} */ event) => {
    type(event.currentTarget.value);
    open(true);
    move(0);
  };
  return html`<div class="search" role="search" onFocusOut=${(/** @type {FocusEvent} */ event) => isOutside(event) && close()}>
    <${Icon} name="search" />
    <input ref=${field} type="text" role="combobox" aria-label=${t("Search and commands")} placeholder=${t("Search")}
      title=${t("Search conversations, people, pages and actions (/ or Ctrl+K)")}
      aria-expanded=${options.length > 0 ? "true" : "false"} aria-controls=${`${id}-list`} aria-autocomplete="list"
      aria-activedescendant=${options.length ? `${id}-${chosen}` : undefined} autocomplete="off" spellcheck=${false} maxlength="500"
      dir="auto" value=${typed} onInput=${change} onFocus=${() => open(true)} onClick=${() => open(true)} onKeyDown=${pressed} />
    <kbd aria-hidden="true">/</kbd>
    <${Offered} id=${id} groups=${groups} chosen=${chosen} run=${run} isOpen=${isOpen} typed=${typed} found=${found} />
  </div>`;
}

/** @param {FocusEvent} event */
const isOutside = ({ currentTarget, relatedTarget }) =>
  !(
    currentTarget instanceof Element &&
    currentTarget.contains(/** @type {Node | null} */ (relatedTarget))
  );

/** Where a key leads among the options, null for nowhere. @param {string} key @param {number} at @param {number} count */
function moved(key, at, count) {
  if (!count) return null;
  if (key === "ArrowDown") return (at + 1) % count;
  if (key === "ArrowUp") return (at - 1 + count) % count;
  return null;
}

/** `/` and Ctrl+K lead to the field; what had the focus gets it back. @param {{ current: HTMLInputElement | null }} field */
function useFocus(field) {
  const before = useRef(/** @type {HTMLElement | null} */ (null));
  const focus = () => {
    const active = document.activeElement;
    before.current = active instanceof HTMLElement && active !== document.body ? active : null;
    field.current?.focus();
    field.current?.select();
  };
  useShortcuts(() => {
    const group = t("Everywhere");
    const isAllowed = () => false; // in the bar itself it would do nothing
    return [
      { keys: "/", words: t("Search"), group, isAllowed, run: focus },
      { keys: "Ctrl+k", words: t("Search and commands"), group, isForWriting: true, run: focus },
    ];
  });
  return before;
}

/** What the server finds, a moment after the last letter. @param {string} typed @returns {SearchOut | null} */
function useFound(typed) {
  const [answer, take] = useState(/** @type {{ typed: string, found: SearchOut } | null} */ (null));
  useEffect(() => {
    const wanted = typed.trim();
    if (!wanted) return undefined;
    let isCurrent = true;
    const timer = setTimeout(async () => {
      const outcome = await request(`/v1/search?limit=10&q=${encodeURIComponent(wanted)}`);
      if (isCurrent && outcome.state === "done")
        take({ typed: wanted, found: /** @type {SearchOut} */ (outcome.value) });
    }, PAUSE_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [typed]);
  return answer?.typed === typed.trim() ? answer.found : null;
}

/**
 * @param {{ id: string, groups: Group[], chosen: number, run: (option: Option) => void, isOpen: boolean,
 *   typed: string, found: SearchOut | null }} props
 */
function Offered({ id, groups, chosen, run, isOpen, typed, found }) {
  const count = groups.reduce((sum, { options }) => sum + options.length, 0);
  let place = 0;
  const made = groups.map(({ name, options }, index) => {
    const first = place;
    place += options.length;
    return html`<div role="group" aria-labelledby=${`${id}-group-${index}`}>
      <p class="group-name" id=${`${id}-group-${index}`}>${name}</p>
      ${options.map((option, each) => html`<${Line} key=${option.id} id=${`${id}-${first + each}`} option=${option} isChosen=${first + each === chosen} run=${run} />`)}
    </div>`;
  });
  return html`<div class="offered" hidden=${!isOpen || !(count || typed.trim())}>
      <div role="listbox" id=${`${id}-list`} aria-label=${t("What is found")}>${made}</div>
      ${typed.trim() && found && !count && html`<p class="quiet">${t("Nothing was found. Numbers need three digits.")}</p>`}
      ${found && !found.is_complete && html`<p class="quiet">${t("There was not time to look everywhere. Another word helps.")}</p>`}
    </div>
    <p class="hidden" role="status">${isOpen && typed.trim() && found ? n("{n} found", "{n} found", count) : ""}</p>`;
}

/** @param {{ id: string, option: Option, isChosen: boolean, run: (option: Option) => void }} props */
function Line({ id, option, isChosen, run }) {
  const line = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    if (isChosen) line.current?.scrollIntoView({ block: "nearest" });
  }, [isChosen]);
  // The focus stays in the field: pressing the mouse would take it away.
  const stay = (/** @type {Event} */ event) => event.preventDefault();
  return html`<div class="option" role="option" id=${id} ref=${line} aria-selected=${isChosen ? "true" : "false"}
    onMouseDown=${stay} onClick=${() => run(option)}>
    <${Icon} name=${option.icon} />
    <span class="option-words"><bdi>${option.words}</bdi>${option.more && html`<span class="more">${option.more}</span>`}</span>
    ${option.beside && html`<span class="option-end">${option.beside}</span>`}
  </div>`;
}
