// Shows the segments of a text while it is being written, and the characters that cost extra.

import { LONGEST, segments } from "./island/segments.js";
import { n, t } from "./island/words.js";

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
  const of = { characters, longest: LONGEST };
  if (characters > LONGEST) return t("{characters} of {longest} characters: too long to send", of);
  if (encoding === "GSM-7") {
    return n(
      "{characters} of {longest} characters · {n} segment",
      "{characters} of {longest} characters · {n} segments",
      count,
      of,
    );
  }
  return n(
    "{characters} of {longest} characters · {n} segment, because of {because}",
    "{characters} of {longest} characters · {n} segments, because of {because}",
    count,
    { ...of, because: [...forcedBy].slice(0, 5).join(" ") },
  );
}

export function countEverywhere() {
  document.querySelectorAll("[data-counted]").forEach(countIn);
}
