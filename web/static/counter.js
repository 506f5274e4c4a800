// Shows the segments of a text while it is being written, and the characters that cost extra.

import { sizeIn } from "./island/segment_words.js";
import { LONGEST, segments } from "./island/segments.js";

export function countIn(field) {
  const element = document.getElementById(field.dataset.counted);
  if (!element) return;
  const size = segments(field.value, isSmart(field));
  element.textContent = sizeIn(size);
  element.classList.toggle("too-long", size.characters > LONGEST);
}

// Smart Encoding: of the field's line, or of the line chosen in the form.
function isSmart(field) {
  const chosen = field.form?.elements.line?.selectedOptions?.[0];
  return (chosen ?? field).dataset.smart !== undefined;
}

export function countEverywhere() {
  document.querySelectorAll("[data-counted]").forEach(countIn);
}
