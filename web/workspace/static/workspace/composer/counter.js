// The segments of a text while it is being written, what they cost, and the characters that cost
// extra, which can be replaced where plain ones say the same.

import { html } from "../../island/html.js";
import { inGsm7 } from "../../island/plain.js";
import { sizeIn } from "../../island/segment_words.js";
import { LONGEST, segments } from "../../island/segments.js";
import { t } from "../../island/words.js";

/** @import { PriceOut } from "../../wire.js" */

/**
 * `price`: of a segment, null if nobody knows.
 * @param {{ id: string, text: string, isSmart: boolean, price: PriceOut | null, onPlain: () => void }} props
 */
export function Counter({ id, text, isSmart, price, onPlain }) {
  const size = segments(text, isSmart);
  const isTooLong = size.characters > LONGEST;
  const plain = isSmart || isTooLong ? null : inGsm7(text);
  return html`<div class="counting">
    <p class="counter ${isTooLong ? "too-long" : ""}" id=${id}>${sizeIn(size)}${
      price &&
      size.count > 0 &&
      !isTooLong &&
      html` <span class="cost">${costOf(price, size.count)}</span>`
    }</p>
    ${
      plain !== null &&
      html`<button type="button" class="quiet-button" onClick=${onPlain}
        title=${t("Plain quotes, dashes and spaces instead of typographic ones")}>${t("Replace what forces Unicode")}</button>`
    }
  </div>`;
}

/** The length of a note, where it is too long. @param {{ id: string, text: string }} props */
export function NoteCounter({ id, text }) {
  const isTooLong = text.length > LONGEST;
  const of = { characters: text.length, longest: LONGEST };
  return html`<p class="counter ${isTooLong ? "too-long" : ""}" id=${id}>${
    isTooLong && t("{characters} of {longest} characters: too long for a note", of)
  }</p>`;
}

/** @param {PriceOut} price @param {number} count */
function costOf({ amount, currency }, count) {
  const cost = new Intl.NumberFormat(document.documentElement.lang || "en", {
    ...{ style: "currency", currency, maximumFractionDigits: 4 },
  }).format(amount * count);
  return t("· about {cost}", { cost });
}
