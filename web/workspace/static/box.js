// Forms that write: what was sent leaves them, what was refused comes back.

import * as drafts from "./drafts.js";
import { say } from "./failures.js";

// Fields with words of somebody's own; what a hidden one says belongs to the form.
const FREE = "textarea, input:not([type=radio], [type=checkbox], [type=hidden])";

const free = (form) => [...form.querySelectorAll(FREE)];

/** Return what stands in a form's fields. */
export const words = (form) => new Map(free(form).map((field) => [field, field.value]));

/** Take out what was sent. What was written meanwhile stays; drafts see to their own. */
export function empty(form, sent) {
  for (const field of form.querySelectorAll("[type=checkbox]")) field.checked = field.defaultChecked;
  for (const [field, was] of sent) {
    const isDraft = form.dataset.draft && field.matches("textarea");
    if (isDraft) continue;
    if (field.matches("textarea")) field.value = drafts.without(field.value, was);
    else if (field.value === was) field.value = "";
  }
}

/** Return the box of a conversation, if it is open here and may be written in. */
export const of = ({ conversation }) => document.getElementById(`composer-form-${conversation}`);

/**
 * Give back a text that was refused, with the reason and as what it was; says whether it is in the
 * box. Unasked it goes where nothing stands, and turns no note that somebody begins into a reply.
 */
export function giveBack(item, { isAsked = false } = {}) {
  const { what, text, refused } = item;
  const form = of(item);
  const kind = form?.querySelector(`[name=kind][value=${what}]`);
  if (!kind) return false;
  const field = form.querySelector("textarea");
  const isUsed = field.value || drafts.of(form, what);
  const isAnother = what === "reply" && !kind.checked;
  if (!isAsked && (isUsed || isAnother)) return false;
  drafts.choose(form, what);
  field.value = [text, field.value].filter(Boolean).join("\n");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  say(form, refused);
  field.focus();
  return true;
}
