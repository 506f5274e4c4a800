// Shows the segments of a text while it is being written, and the characters that cost extra.

import { LONGEST, segments } from "./island/segments.js";

export function countIn(field) {
  const element = document.getElementById(field.dataset.counted);
  if (!element) return;
  const size = segments(field.value, isSmart(field));
  element.textContent = words(size);
  element.classList.toggle("too-long", size.characters > LONGEST);
}

// Smart Encoding: of the field's line, or of the line chosen in the form.
function isSmart(field) {
  const chosen = field.form?.elements.line?.selectedOptions?.[0];
  return (chosen ?? field).dataset.smart !== undefined;
}

function words({ characters, count, encoding, forcedBy }) {
  if (!characters) return "";
  const length = `${characters} of ${LONGEST} characters`;
  if (characters > LONGEST) return `${length}: too long to send`;
  const parts = `${count} ${count === 1 ? "segment" : "segments"}`;
  if (encoding === "GSM-7") return `${length} · ${parts}`;
  return `${length} · ${parts}, because of ${[...forcedBy].slice(0, 5).join(" ")}`;
}

export function countEverywhere() {
  document.querySelectorAll("[data-counted]").forEach(countIn);
}
