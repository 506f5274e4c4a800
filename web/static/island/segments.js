// Segments of an outgoing text (3GPP TS 23.038), the same as domain/text/segments.py: one set of
// vectors tests both.

import { smartlyEncoded } from "./smart_encoding.js";

const GSM_BASIC = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
// Two septets each: an escape and the character.
const GSM_EXTENDED = new Set("^{}\\[~]|€\f");
const CAPACITY = { "GSM-7": { alone: 160, joined: 153 }, "UCS-2": { alone: 70, joined: 67 } };

// UTF-16 units of a message, as providers count: longer ones are refused (domain/text/limits.py).
export const LONGEST = 1600;

/** Count the segments of a text, never splitting an escape or a surrogate pair.
 * @param {string} text
 * @param {boolean} [isSmart]
 */
export function segments(text, isSmart = false) {
  const characters = [...(isSmart ? smartlyEncoded(text) : text)];
  const foreign = characters.filter((c) => !GSM_BASIC.has(c) && !GSM_EXTENDED.has(c));
  /** @type {Encoding} */
  const encoding = foreign.length ? "UCS-2" : "GSM-7";
  const sizes = characters.map((character) => unitsOf(character, encoding));
  return {
    count: count(sizes, CAPACITY[encoding]),
    encoding,
    units: sum(sizes),
    forcedBy: [...new Set(foreign)].join(""),
    characters: text.length,
  };
}

/** @typedef {keyof typeof CAPACITY} Encoding */

/** @param {string} character @param {Encoding} encoding */
function unitsOf(character, encoding) {
  if (encoding === "GSM-7") return GSM_EXTENDED.has(character) ? 2 : 1;
  return character.length;
}

/** @param {number[]} sizes */
function sum(sizes) {
  return sizes.reduce((total, size) => total + size, 0);
}

/** @param {number[]} sizes @param {{ alone: number, joined: number }} capacity */
function count(sizes, capacity) {
  if (sum(sizes) <= capacity.alone) return sizes.length ? 1 : 0;
  let found = 1;
  let used = 0;
  for (const size of sizes) {
    if (used + size > capacity.joined) {
      found += 1;
      used = 0;
    }
    used += size;
  }
  return found;
}
