// What in people's words can be clicked: addresses that begin with https, mail addresses, phone
// numbers. One pass over the text, whatever it holds. Nothing is guessed: an address opens as it
// stands, and `host` says where it leads if its words say something else.

/**
 * A piece of a text. `host`: where a link leads, if its words pretend another place. A "turn" is a
 * character that would turn the direction of what follows: it is told, and not obeyed.
 * @typedef {{ kind: "words" | "turn", words: string }
 *   | { kind: "link", words: string, href: string, host: string, isHonest: boolean }
 *   | { kind: "mail", words: string, href: string }
 *   | { kind: "number", words: string, number: string }} Piece
 */

const SCHEME = /https:\/\//i;
const [LONGEST_LINK, LONGEST_MAIL] = [2000, 320];
const [FEWEST_DIGITS, MOST_DIGITS] = [7, 15];
// What a browser or a reader would not take for a part of an address.
const RUN =
  /[^\s\p{Cc}\p{Bidi_C}<>"`\u3000-\u3003\u3008-\u3011\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f]+/gu;
const TURNS = /[\u202a-\u202e]/;
const AFTER = new Set(".,;:!?…'’”»*_~|");
const BEFORE = /^[([{'‘“„«*_~|¿¡]+/;
const PAIRS = /** @type {Record<string, string>} */ ({ ")": "(", "]": "[", "}": "{" });
const MAIL =
  /^[a-z0-9][a-z0-9._%+-]{0,63}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z]{2,24}$/i;
const DATE = /^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}(?!\d)/;
const NATIONAL = /^(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}$/;
const BETWEEN = new Set(" ().-/\u00a0");

/** Divide a text into pieces. Put together again, their words are the text. @param {string} text @returns {Piece[]} */
export function pieces(text) {
  /** @type {Piece[]} */
  const found = [];
  let at = 0;
  for (const run of text.matchAll(RUN)) {
    const link = linkIn(run[0]) ?? mailIn(run[0]);
    if (!link) continue;
    const start = run.index + link.start;
    found.push(...withNumbers(text.slice(at, start)), link.piece);
    at = start + link.piece.words.length;
  }
  found.push(...withNumbers(text.slice(at)));
  return found;
}

/** @param {string} run @returns {{ start: number, piece: Piece } | null} */
function linkIn(run) {
  const start = run.search(SCHEME);
  if (start < 0 || /[\p{L}\p{N}+.-]/u.test(run[start - 1] ?? "")) return asAfterWords(run, start);
  return linkAt(run, start);
}

/** Languages without spaces write an address right behind a word. @param {string} run @param {number} start */
function asAfterWords(run, start) {
  const before = start > 0 ? run[start - 1] : "";
  return before && /[\u3040-\u9fff\uac00-\ud7af]/.test(before) ? linkAt(run, start) : null;
}

/** @param {string} run @param {number} start @returns {{ start: number, piece: Piece } | null} */
function linkAt(run, start) {
  const words = trimmed(run.slice(start));
  if (words.length > LONGEST_LINK || !URL.canParse(words)) return null;
  const url = new URL(words);
  const host = url.host;
  const isPlain = /[^.]\.[^.]/.test(url.hostname);
  if (url.protocol !== "https:" || !isPlain) return null;
  const shown = words.slice("https://".length).toLowerCase();
  const isHonest = shown.startsWith(host) && /^(?:[/?#]|$)/.test(shown.slice(host.length));
  const isOfLetters = !host.split(".").some((label) => label.startsWith("xn--"));
  const piece = { kind: "link", words, href: url.href, host, isHonest: isHonest && isOfLetters };
  return { start, piece: /** @type {Piece} */ (piece) };
}

/** @param {string} run @returns {{ start: number, piece: Piece } | null} */
function mailIn(run) {
  if (run.length > LONGEST_MAIL || !run.includes("@")) return null;
  const start = BEFORE.exec(run)?.[0].length ?? 0;
  const words = trimmed(run.slice(start));
  if (!MAIL.test(words)) return null;
  return { start, piece: { kind: "mail", words, href: `mailto:${encodeURI(words)}` } };
}

/** Leave out what ends the sentence, and brackets that were opened before. @param {string} words */
function trimmed(words) {
  const open = counted(words);
  let end = words.length;
  while (end > 0) {
    const last = /** @type {string} */ (words[end - 1]);
    const opening = PAIRS[last];
    if (opening && (open.get(opening) ?? 0) < (open.get(last) ?? 0))
      open.set(last, (open.get(last) ?? 0) - 1);
    else if (!AFTER.has(last)) break;
    end -= 1;
  }
  return words.slice(0, end);
}

/** @param {string} words */
function counted(words) {
  /** @type {Map<string, number>} */
  const found = new Map();
  for (const sign of words) found.set(sign, (found.get(sign) ?? 0) + 1);
  return found;
}

/** @param {string} text @returns {Piece[]} */
function withNumbers(text) {
  /** @type {Piece[]} */
  const found = [];
  let [from, at] = [0, 0];
  while (at < text.length) {
    const end = numberEnd(text, at);
    if (!end) {
      at += 1;
      continue;
    }
    const words = text.slice(at, end);
    const number = asNumber(words, text[at - 1] ?? "", text[end] ?? "");
    if (number) {
      found.push(...withTurns(text.slice(from, at)), { kind: "number", words, number });
      from = end;
    }
    at = end;
  }
  return [...found, ...withTurns(text.slice(from))];
}

/** Where what begins here like a number ends; 0: nothing does. @param {string} text @param {number} at */
function numberEnd(text, at) {
  let [here, end, gap] = [at, 0, 0];
  if (text[here] === "+") here += 1;
  if (text[here] === "(") here += 1;
  if (!isDigit(text[here])) return 0;
  for (; here < text.length && gap < 3; here++) {
    const sign = /** @type {string} */ (text[here]);
    if (isDigit(sign)) [end, gap] = [here + 1, 0];
    else if (BETWEEN.has(sign)) gap += 1;
    else break;
  }
  return end;
}

/** @param {string | undefined} sign */
const isDigit = (sign) => sign !== undefined && sign >= "0" && sign <= "9";

/** The number to look for, null for dates, prices, orders. @param {string} words @param {string} before @param {string} after */
function asNumber(words, before, after) {
  if (/[\p{L}\p{N}#$€£,.:/=_-]/u.test(before) || /[\p{L}\p{N}%€$£]/u.test(after)) return null;
  const digits = words.replace(/\D/g, "");
  if (digits.length < FEWEST_DIGITS || digits.length > MOST_DIGITS) return null;
  const isWritten = words.startsWith("+") || words.startsWith("0") || words.startsWith("(0");
  if (!(isWritten || NATIONAL.test(words)) || DATE.test(words)) return null;
  return words.startsWith("+") ? `+${digits}` : digits;
}

/** @param {string} text @returns {Piece[]} */
function withTurns(text) {
  if (!TURNS.test(text)) return text ? [{ kind: "words", words: text }] : [];
  return text
    .split(/([\u202a-\u202e])/)
    .filter(Boolean)
    .map((words) => ({ kind: TURNS.test(words) ? "turn" : "words", words }));
}
