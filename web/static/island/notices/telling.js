// Tells the reader of each new notice: by a toast, a sound, a notification of the desktop, and a mark
// on the page's icon.

import { effect } from "../html.js";
import { t } from "../words.js";
import * as desktop from "./desktop.js";
import { once } from "./once.js";
import { play } from "./sounds.js";

/** @import { NoticeOut } from "../../wire.js" */
/** @import { Toasts } from "../toasts.js" */
/** @import { Told } from "./told.js" */

/**
 * `here`: the conversation that is open on the page. `open`: goes to one.
 * @param {{ told: Told, toasts: Toasts, here: () => string | null, open: (conversation: string) => void }} page
 */
export function tellReader({ told, toasts, here, open }) {
  const looksAt = (/** @type {NoticeOut} */ { conversation_id: id }) =>
    id !== null && id === here() && document.hasFocus();
  told.hearers.add((notice) => {
    if (looksAt(notice) && notice.kind !== "taken_away") {
      told.see(notice.id);
      return;
    }
    const go = () => {
      if (notice.conversation_id) open(notice.conversation_id);
    };
    if (told.wants(notice.kind, "page") && document.hasFocus()) {
      const action = notice.conversation_id ? { words: t("Open"), run: go } : undefined;
      toasts.show({ words: notice.title, ...(action && { action }) });
    }
    const isLoud = told.wants(notice.kind, "sound");
    const isOnDesktop = told.wants(notice.kind, "desktop");
    once(`${notice.id}/${notice.times}`, () => {
      if (isLoud) play(notice.kind);
      if (isOnDesktop) desktop.show(notice, go);
    });
  });
  markIcon(told);
  desktop.begin(open);
  told.load();
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
