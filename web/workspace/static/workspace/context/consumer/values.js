// A detail's value, shown and edited by its kind.

import { html } from "../../../island/html.js";
import { t } from "../../../island/words.js";

/** @import { Detail, Value } from "./saving.js" */

/** A value in words, empty for none. @param {Detail["kind"]} kind @param {Value} value */
export function inWords(kind, value) {
  if (value === null) return "";
  if (typeof value === "boolean") return value ? t("Yes") : t("No");
  return kind === "date" ? dateOf(value) : value;
}

/** A date as the reader writes it. @param {string} value */
function dateOf(value) {
  const date = new Date(`${value}T12:00:00`);
  if (Number.isNaN(date.getTime())) return value;
  return date.toLocaleDateString(document.documentElement.lang || "en", { dateStyle: "medium" });
}

/** What a form holds of a value. @param {Value} value */
export const written = (value) => (value === null ? "" : String(value));

/** What a form's text means. @param {Detail["kind"]} kind @param {string} text @returns {Value} */
export function meant(kind, text) {
  if (!text.trim()) return null;
  return kind === "yes_no" ? text === "true" : text;
}

/** @type {Partial<Record<Detail["kind"], Record<string, string | number>>>} */
const INPUTS = {
  email: { type: "email", inputmode: "email", maxlength: 254, dir: "ltr" },
  number: { type: "text", inputmode: "decimal", maxlength: 32, dir: "ltr" },
  date: { type: "date" },
  link: { type: "url", inputmode: "url", maxlength: 2000, dir: "ltr" },
  text: { type: "text", maxlength: 500, dir: "auto" },
};

/** What a detail is edited with. @param {{ detail: Detail, id: string, text: string, onText: (text: string) => void }} props */
export function Input({ detail, id, text, onText }) {
  const changed = (/** @type {any} */ event) => onText(event.currentTarget.value);
  if (detail.kind === "note") {
    return html`<textarea id=${id} rows="5" dir="auto" maxlength="4000" value=${text} onInput=${changed}></textarea>`;
  }
  const choices = choicesOf(detail);
  if (choices) {
    return html`<select id=${id} dir="auto" value=${text} onChange=${changed}>
      ${choices.map(([value, words]) => html`<option key=${value} value=${value} selected=${value === text} dir="auto">${words}</option>`)}
    </select>`;
  }
  return html`<input id=${id} ...${INPUTS[detail.kind]} autocomplete="off" value=${text} onInput=${changed} />`;
}

/** What may be chosen; what was chosen before and is offered no more stays. @param {Detail} detail */
function choicesOf({ kind, choices, value, isRequired }) {
  const none = isRequired && value !== null ? [] : [["", t("None")]];
  if (kind === "yes_no") return [...none, ["true", t("Yes")], ["false", t("No")]];
  if (kind !== "choice") return null;
  const known =
    typeof value === "string" && !choices.includes(value) ? [value, ...choices] : choices;
  return [...none, ...known.map((choice) => [choice, choice])];
}
