// Short messages about what was just done, each with an action such as undo if there is one.

import { html, signal } from "./html.js";
import { Icon } from "./icons.js";
import { useLeaving } from "./leaving.js";
import { t } from "./words.js";

const SHOWN_MS = 8000;

/** `isLasting`: it stays until it is dismissed. @typedef {{ words: string, isLasting?: boolean, action?: { words: string, run: () => void } }} Toast */

export class Toasts {
  shown = signal(/** @type {Toast[]} */ ([]));

  /** @param {Toast} toast */
  show(toast) {
    this.shown.value = [...this.shown.value, toast];
  }

  /** @param {Toast} toast */
  dismiss(toast) {
    this.shown.value = this.shown.value.filter((each) => each !== toast);
  }
}

const keys = /** @type {WeakMap<Toast, number>} */ (new WeakMap());
let newest = 0;

/** Return what tells a toast from all others. @param {Toast} toast */
function keyOf(toast) {
  if (!keys.has(toast)) keys.set(toast, ++newest);
  return keys.get(toast);
}

/** @param {{ toasts: Toasts }} props */
export function ToastList({ toasts }) {
  const made = toasts.shown.value.map(
    (toast) => html`<${ToastLine} key=${keyOf(toast)} toast=${toast} toasts=${toasts} />`,
  );
  return html`<div class="toasts" role="status">${made}</div>`;
}

/** @param {{ toast: Toast, toasts: Toasts }} props */
function ToastLine({ toast, toasts }) {
  const dismiss = () => toasts.dismiss(toast);
  const act = () => {
    toast.action?.run();
    dismiss();
  };
  const element = useLeaving(dismiss, toast.isLasting ? Infinity : SHOWN_MS);
  return html`<div class="toast" ref=${element}>
    <p>${toast.words}</p>
    ${toast.action && html`<button type="button" class="quiet-button" onClick=${act}>${toast.action.words}</button>`}
    <button type="button" class="icon-button" aria-label=${t("Dismiss")} onClick=${dismiss}>
      <${Icon} name="cross" />
    </button>
  </div>`;
}
