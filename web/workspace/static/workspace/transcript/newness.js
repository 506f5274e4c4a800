// What is new in a transcript: the line where it begins, and the button that leads to its end.

import { html } from "../../island/html.js";
import { Icon } from "../../island/icons.js";
import { n, t } from "../../island/words.js";

/** @import { Entry } from "../../wire.js" */

/** Automatic texts are no news. @param {Entry} entry @param {string} me */
const isNews = ({ message }, me) =>
  message !== null && message.author !== "system" && message.agent_id !== me;

/** The first entry after a position that somebody else wrote. @param {Entry[]} entries @param {number} after @param {string} me */
export const firstNew = (entries, after, me) =>
  entries.find((entry) => isNews(entry, me) && (entry.message?.position ?? 0) > after);

/** @param {Entry[]} entries @param {number} after @param {string} me */
export const countNew = (entries, after, me) =>
  entries.filter((entry) => isNews(entry, me) && (entry.message?.position ?? 0) > after).length;

/** The position of the last message. @param {Entry[]} entries */
export const lastPosition = (entries) =>
  entries.reduce((last, { message }) => Math.max(last, message?.position ?? 0), 0);

export function NewLine() {
  return html`<li class="new-line"><span>${t("New since you looked")}</span></li>`;
}

/** @param {{ count: number, onClick: () => void }} props */
export function ToEnd({ count, onClick }) {
  const words = count ? n("{n} new text", "{n} new texts", count) : t("To the latest text");
  return html`<button type="button" class="to-end ${count ? "news" : ""}" onClick=${onClick}>
    <${Icon} name="more" />${words}</button>`;
}
