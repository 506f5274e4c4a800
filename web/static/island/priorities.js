// How urgent conversations are, in words.

import { t } from "./words.js";

/** @import { Priority } from "../wire.js" */

/** The most urgent first, each with the colour of its mark. @type {Record<Priority, { words: string, colour: string, told: string }>} */
export const PRIORITIES = {
  urgent: { words: t("Urgent"), colour: "red", told: t("Priority: urgent") },
  high: { words: t("High"), colour: "orange", told: t("Priority: high") },
  normal: { words: t("Normal"), colour: "blue", told: t("Priority: normal") },
  low: { words: t("Low"), colour: "grey", told: t("Priority: low") },
};

/** As they are written in addresses. */
export const PRIORITY_NAMES = /** @type {Priority[]} */ (Object.keys(PRIORITIES));
