// The page's address: which list it shows, and which conversation is open. Links of the workspace
// change it without loading the page.

/** @typedef {{ view: import("./store.js").View, conversation: string | null }} Place */

const ADDRESS = /^\/workspace(?:\/([0-9a-f]{8}-[0-9a-f-]{27}))?\/?$/;
const VIEWS = /** @type {const} */ (["mine", "snoozed", "waiting", "done", "mentions", "all"]);

/** Return the place an address names, null for another page's. @param {URL | Location} address @returns {Place | null} */
export function placeOf(address) {
  const found = ADDRESS.exec(address.pathname);
  if (!found) return null;
  const wanted = new URLSearchParams(address.search).get("view");
  return { view: VIEWS.find((view) => view === wanted) ?? "mine", conversation: found[1] ?? null };
}

/** @param {Place} place */
export function addressOf({ view, conversation }) {
  return `/workspace${conversation ? `/${conversation}` : ""}?view=${view}`;
}

/** Go to a place. @param {Place} place */
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
export const here = () => placeOf(location) ?? { view: "mine", conversation: null };

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
