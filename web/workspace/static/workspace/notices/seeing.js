// What the reader looks at counts as read.

import { effect } from "../../island/html.js";

/** @import { Told } from "../../island/notices/told.js" */
/** @import { Store } from "../store.js" */

/** @param {Store} store @param {Told} told */
export function seeOpened(store, told) {
  const see = () => {
    const id = store.selected.peek();
    if (id && document.hasFocus() && told.unreadOf(id).length) told.seeConversation(id);
  };
  effect(() => {
    store.selected.value;
    told.shown.value;
    see();
  });
  window.addEventListener("focus", see);
}
