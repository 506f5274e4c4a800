// Texts edited beside their preview: buttons insert placeholders, and a counter shows the size.
// Without this script, a button loads the preview.

import { countEverywhere, countIn } from "./counter.js";

function insert(event) {
  const button = event.target.closest("[data-inserts]");
  const field = button && document.getElementById(button.dataset.into);
  if (!field) return;
  field.focus();
  field.setRangeText(button.dataset.inserts, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

// A list scrolls by itself, the page stays.
function showChosen(list) {
  const chosen = list?.querySelector("[aria-current]");
  if (chosen) list.scrollTop = chosen.offsetTop - list.clientHeight / 2;
}

export function install() {
  for (const each of document.querySelectorAll("[data-scripted]")) each.hidden = false;
  for (const each of document.querySelectorAll("[data-unscripted]")) each.hidden = true;
  document.addEventListener("click", insert);
  document.addEventListener("input", ({ target }) => {
    if (target.dataset.counted) countIn(target);
    // The text that was refused has changed.
    target.form?.querySelector(".form-error")?.replaceChildren();
  });
  countEverywhere();
  for (const list of document.querySelectorAll(".choosing, .at-the-side")) showChosen(list);
}
