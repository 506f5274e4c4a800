// The keyboard: every shortcut is registered with its sentence, and the sheet shows them all.

/**
 * A shortcut. `keys`: such as "j", "?", "Escape", "Ctrl+Enter"; `isForWriting`: it works in a text
 * box, too. `run` returns false if it did not apply, so that another shortcut of the key may.
 * @typedef {{
 *   keys: string,
 *   words: string,
 *   group: string,
 *   isForWriting?: boolean,
 *   run: (event: KeyboardEvent) => boolean | void,
 * }} Shortcut
 */

/** @param {EventTarget | null} target */
const isWriting = (target) =>
  target instanceof HTMLElement &&
  target.matches("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");

/** @param {KeyboardEvent} event */
function nameOf(event) {
  const isControl = event.ctrlKey || event.metaKey;
  const held = `${isControl ? "Ctrl+" : ""}${event.altKey ? "Alt+" : ""}`;
  return held + event.key;
}

export class Keys {
  /** @type {Shortcut[]} */
  #shortcuts = [];

  constructor() {
    document.addEventListener("keydown", (event) => this.#pressed(event));
  }

  /** All shortcuts, for the sheet. */
  get shortcuts() {
    return [...this.#shortcuts];
  }

  /** Register a shortcut until the returned function is called. @param {Shortcut} shortcut */
  add(shortcut) {
    this.#shortcuts.push(shortcut);
    return () => {
      this.#shortcuts = this.#shortcuts.filter((each) => each !== shortcut);
    };
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    // The key belongs to an input method that composes a letter.
    if (event.isComposing) return;
    const [name, isIn] = [nameOf(event), isWriting(event.target)];
    // What was added last goes first: a dialog's before the page's.
    for (const shortcut of this.#shortcuts.toReversed()) {
      if (shortcut.keys !== name || (isIn && !shortcut.isForWriting)) continue;
      if (document.querySelector("dialog[open]") && !shortcut.isForWriting) continue;
      if (shortcut.run(event) === false) continue;
      event.preventDefault();
      return;
    }
  }
}
