// Small parts that all components are made of.

import { useIsland } from "./context.js";
import { html, memo, useEffect, useId, useLayoutEffect, useRef } from "./html.js";
import { Icon } from "./icons.js";
import { clock, exactly, until } from "./times.js";
import { t } from "./words.js";

/** @import { Children } from "./html.js" */
/** @import { IconName } from "./icons.js" */

const HUES = 8;

/** Initials of a name, or the last two digits of a number. @param {string} name */
export function initials(name) {
  if (name.startsWith("+")) return name.slice(-2);
  const words = name.split(/\s+/).filter(Boolean).slice(0, 2);
  return words
    .map((word) => [...word][0])
    .join("")
    .toUpperCase();
}

/** @param {string} text */
function hueOf(text) {
  let sum = 0;
  for (const letter of text) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 65_521;
  return sum % HUES;
}

/** A person's mark, whose colour tells them from others. @param {{ name: string, id: string }} props */
export const Avatar = memo(
  (/** @type {{ name: string, id: string }} */ { name, id }) =>
    html`<span class="avatar hue-${hueOf(id)}" aria-hidden="true" dir="auto">${initials(name)}</span>`,
);

/** What a consumer is called. @param {{ name: string | null, number_shown: string }} consumer */
export const calledBy = (consumer) => consumer.name || consumer.number_shown;

/** A time that keeps reading right. @param {{ at: string }} props */
export function Time({ at }) {
  const { quarter } = useIsland().clock;
  return html`<time datetime=${at} title=${exactly(at)}>${clock(at, quarter.value)}</time>`;
}

/** When something will happen, counting down. @param {{ at: string }} props */
export function Until({ at }) {
  const { second } = useIsland().clock;
  return html`<time datetime=${at} title=${exactly(at)}>${until(at, second.value)}</time>`;
}

/**
 * A button. `isBusy`: what it began has no answer yet. `isFirst`: it has the focus in a new dialog.
 * @param {{ words?: string, icon?: IconName, kind?: string, label?: string, title?: string, isBusy?: boolean,
 *   type?: "button" | "submit", isDisabled?: boolean, isFirst?: boolean, onClick?: (event: MouseEvent) => void }} props
 */
export function Button({
  words,
  icon,
  kind = "",
  label,
  title,
  isBusy = false,
  type = "button",
  isDisabled,
  isFirst,
  onClick,
}) {
  return html`<button type=${type} class=${kind} aria-label=${label} title=${title ?? label}
    disabled=${isDisabled || isBusy} autofocus=${isFirst} aria-busy=${isBusy ? "true" : undefined} onClick=${onClick}>
    ${icon && html`<${Icon} name=${icon} />`}${words && html`<span>${words}</span>`}
  </button>`;
}

/** A sentence that says what is wrong. @param {{ words: string | null }} props */
export function Failure({ words }) {
  return html`<div class="form-error" role="alert">${words && html`<p>${words}</p>`}</div>`;
}

/**
 * A menu behind a button. It closes when something in it is chosen, on Escape and on a click outside.
 * @param {{ kind?: string, summary: Children, label?: string, children: Children }} props
 */
export function Menu({ kind = "", summary, label, children }) {
  const details = useRef(/** @type {HTMLDetailsElement | null} */ (null));
  useEffect(() => {
    const close = (/** @type {Event} */ event) => {
      const menu = details.current;
      if (!menu?.open) return;
      if (event instanceof KeyboardEvent) {
        if (event.key !== "Escape") return;
        menu.querySelector("summary")?.focus();
      } else if (menu.querySelector("summary")?.contains(/** @type {Node} */ (event.target)))
        return;
      else if (menu.contains(/** @type {Node} */ (event.target)) && !closes(event)) return;
      menu.open = false;
    };
    document.addEventListener("click", close);
    document.addEventListener("keydown", close);
    return () => {
      document.removeEventListener("click", close);
      document.removeEventListener("keydown", close);
    };
  }, []);
  return html`<details class="menu ${kind}" ref=${details}>
    <summary aria-label=${label} title=${label}>${summary}</summary>
    <div class="sheet">${children}</div>
  </details>`;
}

/** @param {Event} event */
const closes = ({ target }) =>
  target instanceof Element && target.closest("button:not([data-stays])");

/**
 * A dialog. It is there as long as it is rendered; `onClose` hears that the reader wants it closed.
 * @param {{ title: string, kind?: string, onClose: () => void, children: Children }} props
 */
export function Dialog({ title, kind = "", onClose, children }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const id = useId();
  // Before the next key, which is the dialog's.
  useLayoutEffect(() => {
    const [before, element] = [document.activeElement, dialog.current];
    element?.showModal();
    if (element) firstIn(element)?.focus();
    return () => {
      element?.close(); // while it is open, nothing behind it can have the focus
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  const cancel = (/** @type {Event} */ event) => {
    event.preventDefault();
    onClose();
  };
  // The Enter that opened the dialog, held down a moment longer, must not confirm it.
  const press = (/** @type {KeyboardEvent} */ event) => {
    const isInText = event.target instanceof HTMLTextAreaElement;
    if (event.key === "Enter" && event.repeat && !isInText) event.preventDefault();
  };
  return html`<dialog ref=${dialog} class=${kind} aria-labelledby=${id} onCancel=${cancel} onKeyDown=${press}>
    <h2 id=${id}>${title}</h2>
    ${children}
  </dialog>`;
}

/** What has the focus at first: what asks for it, a field, else the button that does it. @param {HTMLElement} dialog */
function firstIn(dialog) {
  const wanted = ["[autofocus]", "input:not([type=hidden]), select, textarea", ".primary"];
  const found = wanted.map((each) => dialog.querySelector(each)).find(Boolean);
  return /** @type {HTMLElement | null} */ (found ?? null);
}

/** The buttons at the end of a dialog's form. `isFirst`: confirming has the focus at first. @param {{ done: string, isBusy?: boolean, isFirst?: boolean, onClose: () => void }} props */
export function DialogButtons({ done, isBusy = false, isFirst = false, onClose }) {
  return html`<div class="row">
    <${Button} words=${t("Cancel")} onClick=${onClose} />
    <${Button} type="submit" kind="primary" words=${done} isBusy=${isBusy} isFirst=${isFirst} />
  </div>`;
}

/** A label and its field. @param {{ label: string, hint?: string, children: (id: string) => Children }} props */
export function Field({ label, hint, children }) {
  const id = useId();
  return html`<div class="field">
    <label for=${id}>${label}${hint && html` <span class="quiet">${hint}</span>`}</label>
    ${children(id)}
  </div>`;
}

/** Lines where something will be. @param {{ lines?: number }} props */
export function Skeleton({ lines = 3 }) {
  const made = Array.from({ length: lines }, () => html`<span class="bone"></span>`);
  return html`<div class="skeleton" aria-hidden="true">${made}</div>`;
}
