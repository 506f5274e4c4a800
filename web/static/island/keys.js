// The keyboard: every shortcut is registered with its sentence, and the sheet shows them all.

/**
 * A shortcut. `keys`: such as "j", "?", "Escape", "Ctrl+Enter", or two after one another: "g d"; none:
 * it is in the command bar alone. `isForWriting`: it works in a text box, too. `isAllowed`: says
 * whether it would do something now. `run` returns false if it did not apply, so that another
 * shortcut of the key may.
 * @typedef {{
 *   keys: string,
 *   words: string,
 *   group: string,
 *   isForWriting?: boolean,
 *   isAllowed?: () => boolean,
 *   run: (event: KeyboardEvent) => boolean | void,
 * }} Shortcut
 */

/** @param {EventTarget | null} target */
export const isWriting = (target) =>
  target instanceof HTMLElement &&
  target.matches("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");

/** @param {KeyboardEvent} event */
function nameOf(event) {
  const isControl = event.ctrlKey || event.metaKey;
  const held = `${isControl ? "Ctrl+" : ""}${event.altKey ? "Alt+" : ""}`;
  return held + event.key;
}

/** How long the first of two keys waits for the second. */
const PATIENCE_MS = 1500;
const HELD = new Set(["Shift", "Control", "Alt", "Meta", "CapsLock"]);

/** @param {KeyboardEvent} event */
const isLetter = (event) =>
  event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;

/** Say whether a key ends what one types. @param {KeyboardEvent} event */
const isEnd = (event) =>
  event.ctrlKey || event.metaKey || ["Enter", "Escape", "Tab"].includes(event.key);

export class Keys {
  /** @type {Shortcut[]} */
  #shortcuts = [];
  /** The first key of a shortcut, and when it was pressed. */
  #begun = "";
  #begunAt = 0;
  /** Where letters were typed last, and when. @type {Element | null} */
  #box = null;
  #typed = 0;

  constructor() {
    document.addEventListener("keydown", (event) => this.#note(event), true);
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
    if (event.isComposing || HELD.has(event.key)) return;
    const isIn = isWriting(event.target);
    if (this.#isLeftOver(event, isIn)) return;
    // By when keys were pressed, not by when a busy page comes to them.
    const goesOn = this.#begun && event.timeStamp - this.#begunAt <= PATIENCE_MS;
    const names = goesOn ? [`${this.#begun} ${nameOf(event)}`, nameOf(event)] : [nameOf(event)];
    this.#begun = "";
    for (const name of names) {
      if (!this.#does(name, event, isIn) && !this.#begins(name, event, isIn)) continue;
      event.preventDefault();
      return;
    }
  }

  /** Note which box is typed into, until a key ends that. @param {KeyboardEvent} event */
  #note(event) {
    if (HELD.has(event.key)) return;
    const isIn = isWriting(event.target);
    if (isIn) this.#typed = event.timeStamp;
    if (isEnd(event) || !(isIn || isLetter(event))) this.#box = null;
    else if (isIn) this.#box = /** @type {Element} */ (event.target);
  }

  /** Say whether a letter was meant for a box that has gone while one typed, such as when a
   * conversation was taken over: it is no shortcut.
   * @param {KeyboardEvent} event @param {boolean} isIn
   */
  #isLeftOver(event, isIn) {
    if (isIn || !this.#box || this.#box.isConnected) return false;
    const isLate = event.timeStamp - this.#typed > PATIENCE_MS;
    this.#typed = event.timeStamp;
    return !isLate;
  }

  /** @param {string} name @param {KeyboardEvent} event @param {boolean} isIn */
  #does(name, event, isIn) {
    // What was added last goes first: a dialog's before the page's.
    for (const shortcut of this.#shortcuts.toReversed()) {
      if (shortcut.keys !== name || (isIn && !shortcut.isForWriting)) continue;
      if (document.querySelector("dialog[open]") && !shortcut.isForWriting) continue;
      if (shortcut.run(event) !== false) return true;
    }
    return false;
  }

  /** Wait for the second key of a shortcut.
   * @param {string} name @param {KeyboardEvent} event @param {boolean} isIn
   */
  #begins(name, event, isIn) {
    if (isIn || document.querySelector("dialog[open]")) return false;
    const isFirst = this.#shortcuts.some((shortcut) => shortcut.keys.startsWith(`${name} `));
    if (isFirst) [this.#begun, this.#begunAt] = [name, event.timeStamp];
    return isFirst;
  }
}
