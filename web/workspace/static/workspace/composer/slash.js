// A slash in the box opens the saved replies; keys choose among them.

import { useId, useState } from "../../island/html.js";
import { slashAt, useSavedReplies } from "./finding_replies.js";

/** @import { OfferedReply } from "../../wire.js" */

/** @typedef {ReturnType<typeof useSlash>} SlashState */

/**
 * `onChosen` gets the reply, the language of its text, and the part of the box it takes the place of.
 * @param {{ conversation: string, text: string, isPossible: boolean,
 *   onChosen: (reply: OfferedReply, language: string, place: { from: number, to: number }) => void }} given
 */
export function useSlash({ conversation, text, isPossible, onChosen }) {
  const id = useId();
  const [cursor, setCursor] = useState(-1);
  const [current, move] = useState(0);
  const [left, leave] = useState(-1);
  const [languages, setLanguages] = useState(/** @type {Record<string, string>} */ ({}));
  const at = isPossible && cursor >= 0 ? slashAt(text, cursor) : null;
  const isWanted = at !== null && at.from !== left;
  const { items, isSure } = useSavedReplies(conversation, isWanted ? at.query : null);
  // A slash that begins a word of its own, such as /etc, is no wish for a saved reply.
  const isOpen = isWanted && (items.length > 0 || !isSure || at.query === "");
  const index = Math.min(current, Math.max(0, items.length - 1));
  const languageOf = (/** @type {OfferedReply} */ reply) => languages[reply.id] ?? reply.language;
  const choose = (/** @type {OfferedReply} */ reply) => {
    if (at) onChosen(reply, languageOf(reply), at);
    move(0);
  };
  const look = (/** @type {{ currentTarget: any }} */ { currentTarget }) => {
    setCursor(currentTarget.selectionEnd);
    const now = slashAt(currentTarget.value, currentTarget.selectionEnd);
    if (now?.from !== left) leave(-1);
  };
  const pressed = (/** @type {KeyboardEvent} */ event) =>
    isOpen && handled(event, { items, index, move, choose, leave: () => leave(at?.from ?? -1) });
  return {
    ...{ id, items, isSure, isOpen, current: index, move, choose, languageOf, look, pressed },
    chooseLanguage: (/** @type {OfferedReply} */ reply, /** @type {string} */ code) =>
      setLanguages({ ...languages, [reply.id]: code }),
    /** The option that a reader of the screen is told. */
    active: isOpen && items[index] ? `${id}-${items[index].id}` : undefined,
  };
}

/**
 * Say whether a key was one of the list's: arrows choose, Enter takes, Escape leaves.
 * @template T
 * @param {KeyboardEvent} event
 * @param {{ items: T[], index: number, move: (index: number) => void,
 *   choose: (item: T) => void, leave: () => void }} list
 */
export function handled(event, { items, index, move, choose, leave }) {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return false;
  const chosen = items[index];
  const last = Math.max(0, items.length - 1);
  if (event.key === "ArrowDown") move(index === last ? 0 : index + 1);
  else if (event.key === "ArrowUp") move(index === 0 ? last : index - 1);
  else if (event.key === "Escape") leave();
  else if (["Enter", "Tab"].includes(event.key) && !event.shiftKey && chosen) choose(chosen);
  else return false;
  event.preventDefault();
  event.stopPropagation();
  return true;
}
