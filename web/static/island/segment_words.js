// How long a text is, in words.

import { LONGEST } from "./segments.js";
import { n, t } from "./words.js";

const MOST_NAMED = 5;

/** The length of a text, its segments, and what makes them more. @param {ReturnType<typeof import("./segments.js").segments>} size */
export function sizeIn({ characters, count, encoding, forcedBy }) {
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
    { ...of, because: [...forcedBy].slice(0, MOST_NAMED).join(" ") },
  );
}
