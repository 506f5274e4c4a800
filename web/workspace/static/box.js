// Forms with messages: a sent text leaves its form, a refused text comes back.

import * as drafts from "./drafts.js";
import { say } from "./failures.js";
import * as chosen from "./pictures.js";

// Fields that people type in, unlike hidden ones.
const FREE = "textarea, input:not([type=radio], [type=checkbox], [type=hidden])";

const free = (form) => [...form.querySelectorAll(FREE)];

/** Return the values of a form's fields. */
export const words = (form) => new Map(free(form).map((field) => [field, field.value]));

/** Remove what was sent. Newer words stay; drafts.js does this for drafts. */
export function empty(form, sent) {
  for (const field of form.querySelectorAll("[type=checkbox]")) field.checked = field.defaultChecked;
  for (const [field, was] of sent) {
    const isDraft = form.dataset.draft && field.matches("textarea");
    if (isDraft) continue;
    if (field.matches("textarea")) field.value = drafts.without(field.value, was);
    else if (field.value === was) field.value = "";
  }
}

/** Return the composer of a conversation, if it is open on this page and can be written in. */
export const of = ({ conversation }) => document.getElementById(`composer-form-${conversation}`);

/**
 * Put a refused text back into its composer, as the reply or note it was, with the reason. Return
 * whether it is there. Unless the agent asked for it, it replaces nothing and never turns a note
 * that has been started into a reply.
 */
export function giveBack(item, { isAsked = false } = {}) {
  const { what, text, refused, pictures } = item;
  const form = of(item);
  const kind = form?.querySelector(`[name=kind][value=${what}]`);
  if (!kind) return false;
  const field = form.querySelector("textarea");
  const isUsed = field.value || drafts.of(form, what);
  const isAnother = what === "reply" && !kind.checked;
  if (!isAsked && (isUsed || isAnother)) return false;
  drafts.choose(form, what);
  field.value = [text, field.value].filter(Boolean).join("\n");
  chosen.add(form, pictures ?? []);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  say(form, refused);
  field.focus();
  return true;
}
