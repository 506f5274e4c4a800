// Smart Encoding: the provider replaces characters that GSM-7 lacks, the same as
// domain/text/smart_encoding.py: one set of vectors tests both.

const REPLACED = [
  ['"', "\u00ab\u00bb\u201c\u201d\u02ba\u02ee\u201f\u275d\u275e\u301d\u301e\u201e"],
  [
    "'",
    "\u2018\u2019\u02bb\u02c8\u02bc\u02bd\u02b9\u201b\u00b4\u02ca\u0060\u02cb" +
      "\u275b\u275c\u0313\u0314\ufe10\ufe11\u2017",
  ],
  ["/", "\u00f7\u29f8\u0337\u0338\u2044\u2215"],
  ["1/4", "\u00bc"],
  ["1/2", "\u00bd"],
  ["3/4", "\u00be"],
  ["\\", "\u29f9\u29f5\u20e5\ufe68"],
  ["_", "\u0332"],
  ["|", "\u20d2\u20d3\u2223\u23b8\u23b9\u23d0\u239c\u239f"],
  ["-", "\u23bc\u23bd\u2015\ufe63\u2010\u2043\u2014\u2013\u2022"],
  ["@", "\ufe6b"],
  ["$", "\ufe69"],
  ["!", "\u01c3\ufe15\ufe57"],
  ["!!", "\u203c"],
  ["#", "\ufe5f"],
  ["%", "\ufe6a"],
  ["&", "\ufe60"],
  [",", "\u201a\u0326\ufe50\ufe51\uff64\u3001"],
  ["(", "\u2768\u276a\ufe59\u27ee\u2985"],
  [")", "\u2769\u276b\ufe5a\u27ef\u2986"],
  [
    "*",
    "\u204e\u2217\u229b\u2722\u2723\u2724\u2725\u2731\u2732\u2733\u273a\u273b" +
      "\u273c\u273d\u2743\u2749\u274a\u274b\u29c6\ufe61",
  ],
  ["+", "\u02d6\ufe62"],
  [".", "\u3002\ufe52\uff61"],
  ["...", "\u2026"],
  [":", "\u02d0\u02f8\u2982\ua789\ufe13"],
  [";", "\u204f\ufe14\ufe54"],
  ["<", "\ufe64\u203a"],
  ["=", "\u0347\ua78a\ufe66"],
  [">", "\ufe65\u2039"],
  ["?", "\ufe16\ufe56"],
  ["^", "\u02c6\u0302\u1dcd"],
  ["{", "\u2774\ufe5b"],
  ["}", "\u2775\ufe5c"],
  ["~", "\u02dc\u02f7\u0303\u0330\u0334\u223c"],
  [
    "  ",
    "\u00a0\u2000\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f" +
      "\u205f\u3000\u008d\u009f\u0080\u0090\u009b",
  ],
  [" ", "\u2001\u2028\u2029"],
  ["       ", "\u0009"],
  ["", "\u0010\u0000\u0003\u0004\u0017\u0019\u0011\u0012\u0013\u0014\u2060\u200b" + "\ufeff"],
];
const CAPITALS = "ABCDEFGHIJKLMNOPRSTUVWYZ";
const SMALL_CAPITALS =
  "\u1d00\u0299\u1d04\u1d05\u1d07\ua730\u0262\u029c\u026a\u1d0a\u1d0b\u029f\u1d0d\u0274" +
  "\u1d0f\u1d18\u0280\ua731\u1d1b\u1d1c\u1d20\u1d21\u028f\u1d22";
// Full-width characters, without the small letters and the grave accent.
const FULL_WIDTH = /[\uff01-\uff3f\uff5b-\uff5e]/;
const FROM_FULL_WIDTH = 0xff01 - 0x21;

const TABLE = new Map(REPLACED.flatMap(([to, row]) => [...row].map((one) => [one, to])));
for (const [index, one] of [...SMALL_CAPITALS].entries()) TABLE.set(one, CAPITALS[index] ?? one);

/** Return a text as it is sent and counted with Smart Encoding. @param {string} text */
export function smartlyEncoded(text) {
  return [...text].map(replacement).join("");
}

/** @param {string} character */
function replacement(character) {
  if (FULL_WIDTH.test(character)) {
    return String.fromCharCode(character.charCodeAt(0) - FROM_FULL_WIDTH);
  }
  return TABLE.get(character) ?? character;
}
