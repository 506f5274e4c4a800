// Every sentence of a page. The English sentence is the key of its translation.

const RTL = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
const [FIRST_STRONG, POP] = ["\u2068", "\u2069"];

/**
 * Isolate right-to-left words, so that they do not reorder the sentence around them.
 * @param {unknown} words
 */
export function isolated(words) {
  const text = String(words);
  return RTL.test(text) ? `${FIRST_STRONG}${text}${POP}` : text;
}

/** @param {string} sentence @param {Record<string, unknown>} places */
function filled(sentence, places) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) =>
    name in places ? isolated(places[name]) : whole,
  );
}

/**
 * A sentence with its places filled: `t("{name} is typing", { name })`.
 * @param {string} sentence
 * @param {Record<string, unknown>} [places]
 */
export function t(sentence, places = {}) {
  return filled(sentence, places);
}

/**
 * The sentence for a number: `n("{n} new text", "{n} new texts", count)`.
 * @param {string} one
 * @param {string} many
 * @param {number} count
 * @param {Record<string, unknown>} [places]
 */
export function n(one, many, count, places = {}) {
  return filled(count === 1 ? one : many, { n: count, ...places });
}
