// Our sentences in the language of the page. The English sentence is the key of its catalogue, and
// what is read where a catalogue lacks it.

/**
 * @typedef {object} Catalogue
 * @property {Record<string, string>} sentences
 * @property {Record<string, string[]>} forms of a sentence with a count, by its singular
 * @property {(n: number) => number} form which form a count has
 */

/** The language of the page, such as `de`. */
export const language = document.documentElement.lang || "en";

/** The languages of the pages, each by its own name. */
export const LANGUAGES = { en: "English", de: "Deutsch" };

/** @type {Catalogue} */
const words =
  language === "en"
    ? { sentences: {}, forms: {}, form: (n) => Number(n !== 1) }
    : await import(`/static/words/${language}.js`);

const RTL = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
const [FIRST_STRONG, POP] = ["\u2068", "\u2069"];
const number = new Intl.NumberFormat(language);

/**
 * Isolate right-to-left words, so that they do not reorder the sentence around them.
 * @param {unknown} words
 */
export function isolated(words) {
  const text = String(words);
  return RTL.test(text) ? `${FIRST_STRONG}${text}${POP}` : text;
}

/**
 * A sentence with its places filled: `t("{name} is typing", {name: "Mia"})`.
 * @param {string} sentence
 * @param {Record<string, unknown>} [places]
 * @returns {string}
 */
export function t(sentence, places) {
  return filled(words.sentences[sentence] ?? sentence, places);
}

/**
 * The sentence for a count, which stands at `{n}`: `n("{n} new text", "{n} new texts", 3)`.
 * @param {string} one
 * @param {string} many
 * @param {number} count
 * @param {Record<string, unknown>} [places]
 * @returns {string}
 */
export function n(one, many, count, places = {}) {
  const sentence = (words.forms[one] ?? [one, many])[words.form(count)] ?? many;
  return filled(sentence, { n: number.format(count), ...places });
}

/**
 * @param {string} sentence
 * @param {Record<string, unknown>} [places]
 * @returns {string}
 */
function filled(sentence, places) {
  if (!places) return sentence;
  return sentence.replace(/\{(\w+)\}/g, (place, name) =>
    name in places ? isolated(places[name]) : place,
  );
}

/**
 * A sentence with components in its places: `rich("Sent {when}", { when: html`<${Time} ... />` })`.
 * @param {string} sentence
 * @param {Record<string, any>} places
 * @returns {any[]}
 */
export function rich(sentence, places) {
  const parts = sentence.split(/\{(\w+)\}/);
  return parts.map((part, index) => {
    if (index % 2 === 0) return part;
    const filled = places[part] ?? "";
    return typeof filled === "object" ? filled : isolated(filled);
  });
}
