// Words in one spelling, as the server folds them: what is typed is found however it is written.

/** @param {string} text */
export const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** @param {string} text */
const wordsOf = (text) =>
  folded(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);

/** Say whether all words of a search begin words of a text. @param {string} typed @param {...(string | null)} texts */
export function answers(typed, ...texts) {
  const [sought, words] = [wordsOf(typed), texts.flatMap((text) => wordsOf(text ?? ""))];
  return sought.length > 0 && sought.every((one) => words.some((word) => word.startsWith(one)));
}
