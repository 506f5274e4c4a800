// What goes away by itself, but not under somebody's pointer or focus.

import { useEffect, useRef } from "./html.js";

/** Have something dismissed after a time; returns what its element is given as `ref`.
 * @param {() => void} dismiss @param {number} shownMs
 */
export function useLeaving(dismiss, shownMs) {
  const element = useRef(/** @type {HTMLDivElement | null} */ (null));
  useEffect(() => {
    if (!Number.isFinite(shownMs)) return undefined;
    const leave = () => {
      if (element.current?.matches(":hover, :focus-within")) timer = setTimeout(leave, shownMs / 4);
      else dismiss();
    };
    let timer = setTimeout(leave, shownMs);
    return () => clearTimeout(timer);
  }, []);
  return element;
}
