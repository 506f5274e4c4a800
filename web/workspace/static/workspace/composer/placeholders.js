// Placeholders of saved replies that nobody has filled, as domain/writing/placeholders.py.

import { t } from "../../island/words.js";

const NAMES = {
  consumer_name: t("the consumer's name"),
  consumer_number: t("the consumer's number"),
  agent_name: t("who writes"),
  line: t("the line's name"),
  skill: t("the skill's name"),
  brand: t("your brand"),
};
const LEFT = new RegExp(`\\{(?:${Object.keys(NAMES).join("|")}|field\\.[a-z0-9_-]{1,63})\\}`);

/** The first placeholder in a text and where it stands, null for none. @param {string} text */
export function leftIn(text) {
  const found = LEFT.exec(text);
  return found && { from: found.index, to: found.index + found[0].length, written: found[0] };
}

/** What a placeholder stands for, in words. @param {string} name */
export const meant = (name) =>
  name in NAMES ? NAMES[/** @type {keyof typeof NAMES} */ (name)] : name.replace(/^field\./, "");
