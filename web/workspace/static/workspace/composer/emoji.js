// Emoji to choose from: by group, by words, and those that were chosen last.

import { html, useEffect, useRef, useState } from "../../island/html.js";
import { Icon } from "../../island/icons.js";
import { t } from "../../island/words.js";

/** An emoji: the character, its name, words it is found by, the number of its group. @typedef {[string, string, string, number]} Emoji */

const RECENT = "emoji";
const [MOST_RECENT, MOST_FOUND] = [24, 120];
const GROUPS = [
  { sign: "😀", name: t("Faces"), groups: [0] },
  { sign: "👋", name: t("People"), groups: [1] },
  { sign: "🐻", name: t("Nature"), groups: [3] },
  { sign: "🍎", name: t("Food"), groups: [4] },
  { sign: "✈️", name: t("Places"), groups: [5] },
  { sign: "⚽", name: t("Activities"), groups: [6] },
  { sign: "💡", name: t("Objects"), groups: [7] },
  { sign: "❤️", name: t("Symbols"), groups: [8] },
  { sign: "🏁", name: t("Flags"), groups: [9] },
];

/** @type {Promise<Emoji[]> | undefined} */
let reading;

/** All emoji with their names in the page's language; read once. @returns {Promise<Emoji[]>} */
function all() {
  const language = document.documentElement.lang.startsWith("de") ? "de" : "en";
  reading ??= fetch(`/static/vendor/emoji.${language}.json`).then((answer) => answer.json());
  reading.catch(() => {
    reading = undefined;
  });
  return reading;
}

/** @returns {string[]} */
const recent = () => JSON.parse(localStorage.getItem(RECENT) ?? "[]");

/** @param {{ onChosen: (emoji: string) => void }} props */
export function EmojiButton({ onChosen }) {
  const [isOpen, open] = useState(false);
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    const look = (/** @type {Event} */ event) => {
      if (!place.current?.contains(/** @type {Node} */ (event.target))) open(false);
    };
    document.addEventListener("click", look);
    return () => document.removeEventListener("click", look);
  }, []);
  const close = () => {
    open(false);
    place.current?.querySelector("button")?.focus();
  };
  const choose = (/** @type {string} */ emoji) => {
    const others = recent().filter((each) => each !== emoji);
    localStorage.setItem(RECENT, JSON.stringify([emoji, ...others].slice(0, MOST_RECENT)));
    open(false);
    onChosen(emoji);
  };
  return html`<div class="emoji-place" ref=${place}>
    <button type="button" class="tool" title=${t("Emoji")} aria-expanded=${isOpen ? "true" : "false"} onClick=${() => open(!isOpen)}>
      <${Icon} name="emoji" /><span class="hidden">${t("Emoji")}</span></button>
    ${isOpen && html`<${Picker} onChosen=${choose} onClose=${close} />`}
  </div>`;
}

/** @param {{ onChosen: (emoji: string) => void, onClose: () => void }} props */
function Picker({ onChosen, onClose }) {
  const [emoji, setEmoji] = useState(/** @type {Emoji[] | null} */ (null));
  const [words, setWords] = useState("");
  const [group, setGroup] = useState(0);
  useEffect(() => {
    all().then(setEmoji, () => setEmoji([]));
  }, []);
  const shown = emoji && (words.trim() ? found(emoji, words) : ofGroup(emoji, group));
  const pressed = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Escape") onClose();
    // In the field Enter takes the first one, and sends nothing.
    else if (event.key === "Enter" && event.target instanceof HTMLInputElement) {
      if (words && shown?.[0]) onChosen(shown[0][0]);
    } else if (!movesIn(event)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  return html`<div class="emoji-picker" role="dialog" aria-label=${t("Emoji")} onKeyDown=${pressed}>
    <input type="search" aria-label=${t("Look for an emoji")} placeholder=${t("Look for an emoji")} autocomplete="off" value=${words}
      ref=${(/** @type {HTMLElement | null} */ field) => field && !words && field.focus()}
      onInput=${(/** @type {any} */ event) => setWords(event.currentTarget.value)} />
    <div class="groups" role="group" aria-label=${t("Groups")}>${GROUPS.map(
      ({ sign, name }, index) => html`<button type="button" title=${name} aria-label=${name}
      aria-pressed=${!words && index === group ? "true" : "false"} onClick=${() => {
        setWords("");
        setGroup(index);
      }}>${sign}</button>`,
    )}</div>
    ${!words && recent().length > 0 && html`<${Grid} label=${t("Chosen last")} emoji=${recent().map((one) => [one, nameIn(emoji, one)])} onChosen=${onChosen} />`}
    ${shown && html`<${Grid} label=${words ? t("Found") : (GROUPS[group]?.name ?? "")} emoji=${shown} onChosen=${onChosen} />`}
    ${shown?.length === 0 && html`<p class="quiet">${t("No emoji fits.")}</p>`}
  </div>`;
}

/** @param {{ label: string, emoji: [string, string][], onChosen: (emoji: string) => void }} props */
function Grid({ label, emoji, onChosen }) {
  return html`<div class="grid" role="group" aria-label=${label}>${emoji.map(
    (
      [sign, name],
      index,
    ) => html`<button type="button" key=${sign} tabindex=${index ? -1 : 0} title=${name} aria-label=${name}
      onClick=${() => onChosen(sign)}>${sign}</button>`,
  )}</div>`;
}

/** @param {Emoji[]} emoji @param {number} group */
const ofGroup = (emoji, group) => emoji.filter(([, , , of]) => GROUPS[group]?.groups.includes(of));

/** @param {Emoji[] | null} emoji @param {string} sign */
const nameIn = (emoji, sign) => emoji?.find(([each]) => each === sign)?.[1] ?? sign;

/** Each word must begin a word of the name or of those it is found by. @param {Emoji[]} emoji @param {string} words */
function found(emoji, words) {
  const wanted = words.toLocaleLowerCase().trim().split(/\s+/);
  const fits = (/** @type {Emoji} */ [, name, more]) => {
    const there = ` ${name} ${more}`.toLocaleLowerCase();
    return wanted.every((word) => there.includes(` ${word}`));
  };
  return emoji.filter(fits).slice(0, MOST_FOUND);
}

/** Arrow keys move among the emoji, also from the field into them. @param {KeyboardEvent} event */
function movesIn(event) {
  const picker = /** @type {HTMLElement} */ (event.currentTarget);
  const every = [
    .../** @type {NodeListOf<HTMLElement>} */ (picker.querySelectorAll(".grid button")),
  ];
  const at = every.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const step = {
    ArrowRight: 1,
    ArrowLeft: -1,
    ArrowDown: columns(every),
    ArrowUp: -columns(every),
  }[event.key];
  if (step === undefined || (at < 0 && event.key !== "ArrowDown")) return false;
  const next = at < 0 ? every[0] : every[at + step];
  if (next) next.focus();
  else if (step < 0) picker.querySelector("input")?.focus();
  return true;
}

/** How many stand in a row. @param {HTMLElement[]} buttons */
function columns(buttons) {
  const top = buttons[0]?.offsetTop;
  const other = buttons.findIndex((button) => button.offsetTop !== top);
  return other < 0 ? buttons.length || 1 : other;
}
