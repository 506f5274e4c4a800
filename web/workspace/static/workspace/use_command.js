// A command behind a button: whether it has no answer yet, and what refused it.

import { useState } from "../island/html.js";

/** @import { Result } from "./outbox.js" */

/**
 * @param {() => Promise<Result>} give
 * @returns {{ run: () => Promise<void>, isBusy: boolean, refused: string | null }}
 */
export function useCommand(give) {
  const [refused, refuse] = useState(/** @type {string | null} */ (null));
  const [isBusy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    const result = await give();
    setBusy(false);
    refuse(result.state === "refused" ? result.sentence : null);
  };
  return { run, isBusy, refused };
}
