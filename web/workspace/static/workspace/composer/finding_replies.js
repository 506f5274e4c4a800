// Saved replies that fit what is typed behind a slash: at once among those that are known, then as
// the server finds them.

import { request } from "../../island/api.js";
import { useEffect, useRef, useState } from "../../island/html.js";

/** @import { OfferedReplies, OfferedReply } from "../../wire.js" */

const PAUSE_MS = 120;
const SLASH = /(?:^|\s)\/([^\s/]{0,40})$/;

/** The slash before the cursor and the words behind it, null for none. @param {string} text @param {number} cursor */
export function slashAt(text, cursor) {
  const found = SLASH.exec(text.slice(0, cursor));
  if (!found) return null;
  const query = found[1] ?? "";
  return { from: cursor - query.length - 1, to: cursor, query };
}

/**
 * What fits. `isSure`: the server has said so.
 * @typedef {{ items: OfferedReply[], isSure: boolean }} Found
 */

/** @param {string} conversation @param {string | null} query @returns {Found} */
export function useSavedReplies(conversation, query) {
  const known = useRef(/** @type {Map<string, OfferedReply>} */ (new Map()));
  const [found, setFound] = useState(
    /** @type {{ query: string | null, items: OfferedReply[] }} */ ({ query: null, items: [] }),
  );
  useEffect(() => {
    if (query === null) return undefined;
    let isWanted = true;
    const timer = setTimeout(async () => {
      const address = `/v1/conversations/${conversation}/saved-replies`;
      const outcome = await request(`${address}?q=${encodeURIComponent(query)}`);
      if (outcome.state !== "done") return;
      const { items } = /** @type {OfferedReplies} */ (outcome.value);
      for (const item of items) known.current.set(item.id, item);
      if (isWanted) setFound({ query, items });
    }, PAUSE_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [conversation, query]);
  if (query === null) return { items: [], isSure: false };
  if (found.query === query) return { items: found.items, isSure: true };
  return { items: among([...known.current.values()], query), isSure: false };
}

/** @param {OfferedReply[]} replies @param {string} query */
function among(replies, query) {
  const typed = query.toLocaleLowerCase();
  const fits = (/** @type {OfferedReply} */ { name, title }) =>
    name.startsWith(typed) || folded(title).includes(typed);
  return replies.filter(fits);
}

/** @param {string} text */
const folded = (text) => text.toLocaleLowerCase();
