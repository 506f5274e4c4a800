// The keys of a transcript.

import { t } from "../../island/words.js";
import { toEnd } from "./scrolling.js";

/**
 * @typedef {object} Reach
 * @property {{ current: HTMLElement | null }} log
 * @property {import("../store.js").Store} store
 * @property {import("../loading.js").Loading} loading
 * @property {ReturnType<typeof import("./tools.js").useCopying>} copying
 */

/** @param {Reach} reach @returns {import("../../island/keys.js").Shortcut[]} */
export function keysOf({ log, store, loading, copying }) {
  const group = t("Conversation");
  const here = () => store.selected.peek();
  const end = () => {
    const id = here();
    if (id && store.transcripts.peek().get(id)?.later) loading.latest(id);
    toEnd(log.current);
  };
  const date = () => store.openDialog("date", here() ?? "");
  const entry = () => entryAt(store, focused());
  /** @param {(one: import("../../wire.js").Entry) => void} act */
  const withEntry = (act) => () => {
    const one = entry();
    if (!one) return false;
    act(one);
    return true;
  };
  return [
    { keys: "g e", words: t("To the latest text"), group, run: end },
    { keys: "g d", words: t("Go to a date"), group, run: date },
    { keys: "Alt+ArrowUp", words: t("To the text before"), group, run: () => move(log, -1) },
    { keys: "Alt+ArrowDown", words: t("To the next text"), group, run: () => move(log, 1) },
    {
      keys: "c",
      words: t("Copy the text that has the focus"),
      group,
      run: withEntry(copying.text),
    },
    { keys: "l", words: t("Copy a link to it"), group, run: withEntry(copying.link) },
  ];
}

const TEXT = ".message[data-position]";

const focused = () => document.activeElement?.closest(TEXT) ?? null;

/** @param {import("../store.js").Store} store @param {Element | null} text */
function entryAt(store, text) {
  const id = Number(text?.getAttribute("data-position"));
  return store.transcripts
    .peek()
    .get(store.selected.peek() ?? "")
    ?.entries.get(id)?.entry;
}

/** Move the focus from text to text; at first to the last one. @param {{ current: HTMLElement | null }} log @param {number} step */
function move(log, step) {
  const texts = /** @type {HTMLElement[]} */ ([...(log.current?.querySelectorAll(TEXT) ?? [])]);
  const from = texts.indexOf(/** @type {HTMLElement} */ (focused()));
  texts[
    from < 0 ? texts.length - 1 : Math.max(0, Math.min(from + step, texts.length - 1))
  ]?.focus();
}
