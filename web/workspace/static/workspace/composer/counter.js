// The segments of a text while it is being written, and the characters that cost extra.

import { html } from "../../island/html.js";
import { LONGEST, segments } from "../../island/segments.js";
import { n, t } from "../../island/words.js";

/** @param {{ id: string, text: string, isSmart: boolean }} props */
export function Counter({ id, text, isSmart }) {
  const size = segments(text, isSmart);
  const isTooLong = size.characters > LONGEST;
  return html`<p class="counter ${isTooLong ? "too-long" : ""}" id=${id}>${wordsFor(size, isTooLong)}</p>`;
}

/** @param {ReturnType<typeof segments>} size @param {boolean} isTooLong */
function wordsFor({ characters, count, encoding, forcedBy }, isTooLong) {
  if (!characters) return "";
  const of = { characters, longest: LONGEST };
  if (isTooLong) return t("{characters} of {longest} characters: too long to send", of);
  const because = [...forcedBy].slice(0, 5).join(" ");
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
    { ...of, because },
  );
}
