// An @ in a note opens the colleagues it may mean; keys choose among them.

import { html, useId, useState } from "../../island/html.js";
import { Avatar } from "../../island/parts.js";
import { n, t } from "../../island/words.js";
import { useWorkspace } from "../store.js";
import { insert } from "./inserting.js";
import { handled } from "./slash.js";

/** @typedef {{ id: string, name: string }} Colleague */
/** @typedef {ReturnType<typeof useMentions>} MentionState */

const MOST = 8;
const BEGUN = /(^|[^\p{L}\p{N}._-])@([\p{L}\p{N}'’-]*(?: [\p{L}\p{N}'’-]*)?)$/u;

/** The mention that is being written before the cursor. @param {string} text @param {number} cursor */
function mentionAt(text, cursor) {
  const found = BEGUN.exec(text.slice(0, cursor));
  if (!found) return null;
  const query = found[2] ?? "";
  return { from: cursor - query.length - 1, to: cursor, query };
}

/**
 * @param {{ conversation: string, text: string, isPossible: boolean,
 *   field: { current: HTMLTextAreaElement | null } }} given
 */
export function useMentions({ conversation, text, isPossible, field }) {
  const id = useId();
  const { told } = useWorkspace();
  const [cursor, setCursor] = useState(-1);
  const [current, move] = useState(0);
  const [left, leave] = useState(-1);
  const at = isPossible && cursor >= 0 ? mentionAt(text, cursor) : null;
  const items = useFitting(at && at.from !== left ? at.query : null);
  const isOpen = items.length > 0;
  const index = Math.min(current, Math.max(0, items.length - 1));
  const choose = (/** @type {Colleague} */ { id: agent, name }) => {
    if (at && field.current) insert(field.current, `@${name} `, at.from, at.to);
    told.pick(conversation, agent);
    move(0);
  };
  const look = (/** @type {{ currentTarget: any }} */ { currentTarget: box }) => {
    setCursor(box.selectionEnd);
    if (mentionAt(box.value, box.selectionEnd)?.from !== left) leave(-1);
  };
  const pressed = (/** @type {KeyboardEvent} */ event) =>
    isOpen && handled(event, { items, index, move, choose, leave: () => leave(at?.from ?? -1) });
  const active = isOpen ? `${id}-${items[index]?.id}` : undefined;
  return { id, items, isOpen, current: index, move, choose, look, pressed, active };
}

/** Colleagues whose name fits, those who begin with it first. @param {string | null} query @returns {Colleague[]} */
function useFitting(query) {
  const { store } = useWorkspace();
  if (query === null) return [];
  const wanted = query.toLocaleLowerCase();
  const { people, colleagues } = store.boot.value;
  const fitting = colleagues
    .map((id) => ({ id, name: people[id] ?? "" }))
    .filter(({ id, name }) => id !== store.me.id && fits(name, wanted));
  const begins = (/** @type {Colleague} */ { name }) =>
    Number(!name.toLocaleLowerCase().startsWith(wanted));
  fitting.sort((one, other) => begins(one) - begins(other) || one.name.localeCompare(other.name));
  return fitting.slice(0, MOST);
}

/** @param {string} name @param {string} wanted */
const fits = (name, wanted) =>
  name.toLocaleLowerCase().startsWith(wanted) ||
  name
    .toLocaleLowerCase()
    .split(/\s+/)
    .some((word) => word.startsWith(wanted));

/** The cursor stays in the box. @param {Event} event */
const keepFocus = (event) => event.preventDefault();

/** @param {{ mentions: MentionState }} props */
export function MentionsList({ mentions }) {
  const { id, items, isOpen, current, move, choose } = mentions;
  if (!isOpen) return null;
  const name = items[current]?.name ?? "";
  return html`<div class="saved-replies colleagues" id=${id}>
    <p class="hidden" role="status">${n("{n} colleague: {name}", "{n} colleagues, now: {name}", items.length, { name })}</p>
    <ul role="listbox" aria-label=${t("Colleagues to mention")} id="${id}-list">
      ${items.map(
        (
          one,
          index,
        ) => html`<li key=${one.id} role="option" id="${id}-${one.id}" aria-selected=${index === current ? "true" : "false"}
          onMouseDown=${keepFocus} onMouseEnter=${() => move(index)} onClick=${() => choose(one)}>
          <${Avatar} name=${one.name} id=${one.id} /> <bdi>${one.name}</bdi></li>`,
      )}
    </ul>
  </div>`;
}
