// The page's address: which list it shows, and which conversation is open. Links of the workspace
// change it without loading the page.

import { plain, readQuery, written } from "./query.js";

/** @import { Query, View } from "./query.js" */

/** @typedef {{ query: Query, conversation: string | null }} Place */

const ADDRESS = /^\/workspace(?:\/([0-9a-f]{8}-[0-9a-f-]{27}))?\/?$/;

/** Return the place an address names, null for another page's. @param {URL | Location} address @returns {Place | null} */
export function placeOf(address) {
  const found = ADDRESS.exec(address.pathname);
  if (!found) return null;
  const query = readQuery(new URLSearchParams(address.search));
  return { query, conversation: found[1] ?? null };
}

/**
 * The address of a place. Without a query, the list stays as it is if it is of this view.
 * @param {{ view?: View, query?: Query, conversation?: string | null }} place
 */
export function addressOf({ view, query, conversation = null }) {
  const present = here().query;
  const wanted = query ?? (view && view !== present.view ? plain(view) : present);
  return `/workspace${conversation ? `/${conversation}` : ""}?${written(wanted)}`;
}

/** The whole address of an entry, for somebody else to open. @param {string} conversation @param {number} entry */
export const linkTo = (conversation, entry) =>
  `${location.origin}/workspace/${conversation}#e${entry}`;

/** The entry that the page's address names. */
export const entryHere = () => Number(/^#e(\d{1,15})$/.exec(location.hash)?.[1] ?? 0) || null;

/** Go to a place. @param {{ view?: View, query?: Query, conversation?: string | null }} place */
export function go(place) {
  history.pushState(null, "", addressOf(place));
  window.dispatchEvent(new PopStateEvent("popstate"));
}

/** Call back whenever the place changes. @param {(place: Place) => void} changed */
export function install(changed) {
  document.addEventListener("click", (event) => {
    const place = followed(event);
    if (!place) return;
    event.preventDefault();
    go(place);
  });
  window.addEventListener("popstate", () => changed(here()));
}

/** @returns {Place} */
export const here = () => placeOf(location) ?? { query: plain("mine"), conversation: null };

/** @param {MouseEvent} event */
function followed(event) {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  const isOther =
    event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  if (!link || isOther || event.defaultPrevented || link.target || link.origin !== location.origin)
    return null;
  // A link to a place in the page itself.
  if (link.hash && link.pathname === location.pathname) return null;
  return placeOf(new URL(link.href));
}
