// What a reader sets for this browser: scheme, density, size of text.

import { signal } from "./html.js";
import { t } from "./words.js";

const KEY = "preferences";

/** The choices of each, the first is the default. */
export const CHOICES = /** @type {const} */ ({
  scheme: ["system", "light", "dark"],
  density: ["comfortable", "compact"],
  size: ["14", "13", "16"],
});

/** @typedef {keyof typeof CHOICES} Preference */

/** In words: what is set, and each choice. */
export const NAMES = {
  scheme: t("Colours"),
  density: t("Density"),
  size: t("Size of text"),
  system: t("As the system"),
  light: t("Light"),
  dark: t("Dark"),
  comfortable: t("Comfortable"),
  compact: t("Compact"),
  13: t("Small"),
  14: t("Normal"),
  16: t("Large"),
};

/** @returns {Partial<Record<Preference, string>>} */
function kept() {
  return JSON.parse(localStorage.getItem(KEY) ?? "{}");
}

export class Preferences {
  set = signal(kept());

  /** @param {Preference} name */
  of(name) {
    return this.set.value[name] ?? CHOICES[name][0];
  }

  /** @param {Preference} name @param {string} value */
  choose(name, value) {
    this.set.value = { ...this.set.value, [name]: value };
    localStorage.setItem(KEY, JSON.stringify(this.set.value));
    document.documentElement.dataset[name] = value;
  }
}
