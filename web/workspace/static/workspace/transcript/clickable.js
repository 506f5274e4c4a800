// A text's words, with what can be clicked in them.

import { html, memo } from "../../island/html.js";
import { pieces } from "../../island/links.js";
import { t } from "../../island/words.js";
import { plain } from "../query.js";
import { addressOf } from "../route.js";
import { useWorkspace } from "../store.js";

/** @import { Piece } from "../../island/links.js" */

/** @type {import("preact").ComponentType<{ text: string, title: string }>} */
export const Words = memo(
  ({ text, title }) =>
    html`<p class="words" dir="auto" title=${title}>${pieces(text).map((piece) =>
      piece.kind === "words" ? piece.words : html`<${Clickable} piece=${piece} />`,
    )}</p>`,
);

/** @param {{ piece: Piece }} props */
function Clickable({ piece }) {
  switch (piece.kind) {
    case "link":
      return html`<${Link} piece=${piece} />`;
    case "mail":
      return html`<a class="in-words" dir="ltr" href=${piece.href} rel="noopener noreferrer nofollow"
        title=${t("Write a mail to {address}", { address: piece.words })}>${piece.words}</a>`;
    case "number":
      return html`<${PhoneNumber} words=${piece.words} number=${piece.number} />`;
    case "turn":
      return html`<span class="turn" title=${t("Here stands a hidden character that turns the direction of words. It is not obeyed.")}>⇄</span>`;
    default:
      return html`${piece.words}`;
  }
}

/** @param {{ piece: Extract<Piece, { kind: "link" }> }} props */
function Link({ piece: { words, href, host, isHonest } }) {
  return html`<a class="in-words" dir="ltr" href=${href} target="_blank" rel="noopener noreferrer nofollow"
    title=${t("Opens {host} in a new tab", { host })}>${words}</a>${
      !isHonest && html` <span class="host" dir="ltr">${t("leads to {host}", { host })}</span>`
    }`;
}

/** A number finds its conversations: agents text, they do not dial. @param {{ words: string, number: string }} props */
function PhoneNumber({ words, number }) {
  const { store } = useWorkspace();
  const query = { ...plain("all"), part: number };
  return html`<a class="in-words" dir="ltr" href=${addressOf({ query, conversation: store.selected.value })}
    title=${t("Find conversations with {number}", { number: words })}>${words}</a>`;
}
