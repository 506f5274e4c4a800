// Putting words into a box as if they had been typed, so that they can be undone.

/** @typedef {HTMLTextAreaElement} Field */

/** Replace a part of a box. @param {Field} field @param {string} words @param {number} [from] @param {number} [to] */
export function insert(field, words, from = field.selectionStart, to = field.selectionEnd) {
  field.focus();
  field.setSelectionRange(from, to);
  // Deprecated, and the only way that keeps what can be undone.
  const isDone = words
    ? document.execCommand("insertText", false, words)
    : from === to || document.execCommand("delete");
  if (isDone) return;
  field.setRangeText(words, from, to, "end");
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

/** Replace all of it, and leave the cursor behind the same words. @param {Field} field @param {string} words */
export function replaceAll(field, words) {
  const behind = field.value.length - field.selectionEnd;
  insert(field, words, 0, field.value.length);
  const place = Math.max(0, words.length - behind);
  field.setSelectionRange(place, place);
}
