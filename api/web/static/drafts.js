// What is written and not sent yet stays with its conversation, in this tab until logging out.

const PREFIX = "draft/";
// Fields with words of somebody's own; what a hidden one says belongs to the form.
const FREE = "textarea, input:not([type=radio], [type=checkbox], [type=hidden])";

function keyOf(field) {
  const form = field.matches("textarea") ? field.closest("[data-draft]") : null;
  return form && PREFIX + form.dataset.draft;
}

export function keep(field) {
  const key = keyOf(field);
  if (!key) return;
  if (field.value) sessionStorage.setItem(key, field.value);
  else sessionStorage.removeItem(key);
}

export function restore() {
  for (const field of document.querySelectorAll("[data-draft] textarea")) {
    const kept = sessionStorage.getItem(keyOf(field));
    if (kept && !field.value) field.value = kept;
  }
}

export function forget(form) {
  for (const field of form.querySelectorAll("[type=checkbox]")) field.checked = field.defaultChecked;
  for (const field of form.querySelectorAll(FREE)) {
    field.value = "";
    keep(field);
  }
}
