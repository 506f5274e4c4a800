// Says what the reader does in the open conversation, so that colleagues see it. It is said again
// while it lasts, and nothing is said of a page that nobody looks at.

import { newKey, request } from "../../island/api.js";
import { effect } from "../../island/html.js";

/** @import { Doing } from "../../wire.js" */
/** @import { Workspace } from "../workspace.js" */

const [AGAIN_MS, TYPES_MS] = [45_000, 5000];
const PAGE = newKey().slice(0, 12);

/** @param {Workspace} workspace @param {import("../../island/notices/told.js").Told} told */
export function sayPresence({ store, stream }, told) {
  /** Where the reader was said to be. @type {string | null} */
  let place = null;
  let typedAt = 0;
  const looksAt = () => (document.visibilityState === "visible" ? store.selected.peek() : null);
  const look = () => {
    const now = looksAt();
    if (place && place !== now) say(place, "left");
    place = now;
    if (now) say(now, "looks");
  };
  effect(() => {
    store.selected.value;
    // A page that comes back says it again: the server may have been started anew.
    if (stream.begun.value) look();
  });
  document.addEventListener("visibilitychange", look);
  setInterval(look, AGAIN_MS);
  window.addEventListener("pagehide", () => place && say(place, "left", true));
  document.addEventListener("input", ({ target }) => {
    const box = /** @type {HTMLTextAreaElement} */ (target);
    if (!place || !box.closest?.(".composer")) return;
    // Who is alone in a conversation need not say that they type.
    const isAlone = !colleagues(told, store.me.id).length;
    if (isAlone || performance.now() - typedAt < TYPES_MS) return;
    typedAt = performance.now();
    say(place, "types");
  });
  document.addEventListener("submit", ({ target }) => {
    if (!place || !typedAt || !(/** @type {Element} */ (target).matches(".composer"))) return;
    typedAt = 0;
    say(place, "looks");
  });
}

/** Who else is in the open conversation. @param {import("../../island/notices/told.js").Told} told @param {string} me */
export function colleagues(told, me) {
  return (told.present.value?.people ?? []).filter(({ agent_id }) => agent_id !== me);
}

/** @param {string} conversation @param {Doing} doing @param {boolean} [isLeaving] */
function say(conversation, doing, isLeaving = false) {
  const [path, body] = [`/v1/conversations/${conversation}/presence`, { doing, page: PAGE }];
  if (!isLeaving) {
    request(path, { method: "PUT", body });
    return;
  }
  const headers = { "Content-Type": "application/json", "X-Switchboard": "1" };
  fetch(path, { method: "PUT", headers, body: JSON.stringify(body), keepalive: true }).catch(
    () => {},
  );
}
