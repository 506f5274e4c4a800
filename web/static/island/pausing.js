// Whether somebody is typing just now: what takes the box away, or the focus, waits for a pause.

import { useLayoutEffect, useState } from "./html.js";
import { isWriting } from "./keys.js";

const PAUSE_MS = 2000;

/** Say whether what is asked for may come, since nobody is typing. @param {boolean} isAsked */
export function useIsPausing(isAsked) {
  const [isPausing, setPausing] = useState(false);
  useLayoutEffect(() => {
    if (!isAsked || !isWriting(document.activeElement)) return setPausing(isAsked);
    const pause = () => setTimeout(() => setPausing(true), PAUSE_MS);
    let timer = pause();
    const again = () => {
      clearTimeout(timer);
      timer = pause();
    };
    document.addEventListener("keydown", again, true);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("keydown", again, true);
    };
  }, [isAsked]);
  return isAsked && isPausing;
}
