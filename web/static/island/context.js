// What every component of an island can reach.

import { createContext, useContext, useEffect } from "./html.js";

/** @import { Keys, Shortcut } from "./keys.js" */
/** @import { Preferences } from "./preferences.js" */
/** @import { Clock } from "./times.js" */
/** @import { Told } from "./notices/told.js" */
/** @import { Toasts } from "./toasts.js" */

/** @typedef {{ clock: Clock, keys: Keys, preferences: Preferences, toasts: Toasts, told: Told }} Reach */

const Context = createContext(/** @type {Reach | null} */ (null));

export const IslandProvider = Context.Provider;

/** @returns {Reach} */
export function useIsland() {
  const reach = useContext(Context);
  if (!reach) throw new Error("This component stands outside an island.");
  return reach;
}

/** Register shortcuts while a component is there. They are registered once: read signals in them.
 * @param {() => Shortcut[]} shortcuts
 */
export function useShortcuts(shortcuts) {
  const { keys } = useIsland();
  useEffect(() => {
    const removals = shortcuts().map((shortcut) => keys.add(shortcut));
    return () => removals.forEach((remove) => void remove());
  }, [keys]);
}
