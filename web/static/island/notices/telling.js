// Tells the reader of each new notice: by a toast, a sound, a notification of the desktop, and a mark
// on the page's icon.

import { effect } from "../html.js";
import { t } from "../words.js";
import * as desktop from "./desktop.js";
import { once } from "./once.js";
import { play } from "./sounds.js";

/** @import { NoticeOut } from "../../wire.js" */
/** @import { Signal } from "../html.js" */
/** @import { Toast, Toasts } from "../toasts.js" */
/** @import { Told } from "./told.js" */

const MOST_SHOWN = 3;
/** A page that is looked at goes first. */
const BEHIND_MS = 250;

/**
 * `here`: the conversation that is open on the page. `open`: goes to one.
 * @typedef {{ told: Told, toasts: Toasts, stream: { begun: Signal<number> }, here: () => string | null, open: (conversation: string) => void }} TellingPage
 */

/** @param {TellingPage} page */
export function tellReader({ told, toasts, stream, here, open }) {
  const looksAt = (/** @type {NoticeOut} */ { conversation_id: id }) =>
    id !== null && id === here() && document.hasFocus();
  /** By the ids of notices. @type {Map<number, Toast>} */
  const toasted = new Map();
  told.hearers.add((notice) => {
    const name = `${notice.id}/${notice.times}`;
    if (looksAt(notice) && notice.kind !== "taken_away") {
      told.see(notice.id);
      once(name, () => {});
      return;
    }
    const go = () => {
      if (notice.conversation_id) open(notice.conversation_id);
    };
    if (told.wants(notice.kind, "page") && document.hasFocus()) {
      const action = notice.conversation_id ? { words: t("Show"), run: go } : undefined;
      put(toasts, toasted, notice.id, { words: notice.title, ...(action && { action }) });
    }
    const act = () => {
      if (told.wants(notice.kind, "sound")) play(notice.kind);
      if (told.wants(notice.kind, "desktop")) desktop.show(notice, go);
    };
    setTimeout(() => once(name, act), document.hasFocus() ? 0 : BEHIND_MS);
  });
  markIcon(told);
  desktop.begin(open);
  told.load();
  effect(() => {
    if (stream.begun.value) told.catchUp();
  });
}

/** Show a toast in place of the one of the same notice, and of the oldest where there are many.
 * @param {Toasts} toasts @param {Map<number, Toast>} toasted @param {number} id @param {Toast} toast
 */
function put(toasts, toasted, id, toast) {
  const before = toasted.get(id);
  if (before) toasts.dismiss(before);
  toasted.delete(id);
  for (const [each, old] of toasted) {
    const isShown = toasts.shown.peek().includes(old);
    if (isShown && toasted.size < MOST_SHOWN) continue;
    toasts.dismiss(old);
    toasted.delete(each);
  }
  toasted.set(id, toast);
  toasts.show(toast);
}

/** Mark the page's icon, and the installed page's, while something is unread. @param {Told} told */
function markIcon(told) {
  effect(() => {
    const unread = told.unread.value;
    const icon = document.querySelector("link[rel=icon]");
    icon?.setAttribute("href", unread ? "/static/icon-unread.svg" : "/static/icon.svg");
    navigator.setAppBadge?.(unread).catch(() => {});
  });
}
