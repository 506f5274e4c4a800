// The box in which agents write: what was sent leaves it, what was refused comes back.

import * as drafts from "./drafts.js";

// Fields with words of somebody's own; what a hidden one says belongs to the form.
const FREE = "textarea, input:not([type=radio], [type=checkbox], [type=hidden])";

const free = (form) => [...form.querySelectorAll(FREE)];

/** Return what stands in a form's fields. */
export const words = (form) => new Map(free(form).map((field) => [field, field.value]));

/** Say whether the same words still stand in a form's fields. */
export const isAsWas = (form, was) => free(form).every((field) => field.value === was.get(field));

/** Take out what was sent. What was written meanwhile stays. */
export function empty(form, sent) {
  for (const field of form.querySelectorAll("[type=checkbox]")) field.checked = field.defaultChecked;
  for (const field of free(form)) {
    const was = sent.get(field) ?? field.value;
    const isLonger = field.matches("textarea") && field.value.startsWith(was);
    if (isLonger) field.value = field.value.slice(was.length).trimStart();
    else if (field.value === was) field.value = "";
    drafts.keep(field);
  }
}

/** Say a sentence where a form says what is wrong. */
export function say(form, sentence) {
  const place = form?.querySelector(".form-error");
  if (!place) return;
  const said = document.createElement("p");
  said.textContent = sentence;
  place.replaceChildren(said);
}

/** Return the box of a conversation, if it is open here and may be written in. */
export const of = ({ conversation }) => document.getElementById(`composer-form-${conversation}`);

/**
 * Give back a text that was refused, with the reason; says whether it is in the box. Words that
 * stand there stay: where that is asked for, those of the same kind are put behind.
 */
export function giveBack(item, { isAsked = false } = {}) {
  const { what, text, refused } = item;
  const form = of(item);
  const kind = form?.querySelector(`[name=kind][value=${what}]`);
  if (!kind) return false;
  const field = form.querySelector("textarea");
  if (field.value && !isAsked) return false;
  if (field.value && !kind.checked) {
    say(form, "Send or remove first what stands in the box: it is of another kind.");
    return false;
  }
  kind.checked = true;
  field.value = [text, field.value].filter(Boolean).join("\n");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  say(form, refused);
  field.focus();
  return true;
}
