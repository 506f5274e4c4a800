// Typographic characters that force Unicode, and what stands for them in GSM-7.

import { segments } from "./segments.js";
import { smartlyEncoded } from "./smart_encoding.js";

const SPACE = /\p{Zs}/u;

/**
 * A text without the characters that force Unicode, null unless it then is GSM-7.
 * @param {string} text
 */
export function inGsm7(text) {
  const { encoding, forcedBy } = segments(text);
  if (encoding === "GSM-7") return null;
  const forced = new Set(forcedBy);
  const plain = [...text].map((one) => (forced.has(one) ? plainly(one) : one)).join("");
  return segments(plain).encoding === "GSM-7" ? plain : null;
}

// What is replaced by a provider becomes two spaces, to be seen; people want one.
/** @param {string} character */
const plainly = (character) => (SPACE.test(character) ? " " : smartlyEncoded(character));
