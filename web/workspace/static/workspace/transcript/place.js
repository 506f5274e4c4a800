// What the parts of a transcript share: the text that is pointed at, and the picture that is shown
// large.

import { createContext, signal, useContext, useRef } from "../../island/html.js";

/** @import { Signal } from "../../island/html.js" */

/** @typedef {{ active: Signal<string | null>, viewing: Signal<string | null> }} Place */

const Context = createContext(/** @type {any} */ (null));

export const PlaceProvider = Context.Provider;

/** @returns {Place} */
export const usePlace = () => useContext(Context);

/** @returns {Place} */
export function useNewPlace() {
  const place = useRef(/** @type {Place | null} */ (null));
  place.current ??= { active: signal(null), viewing: signal(null) };
  return place.current;
}
