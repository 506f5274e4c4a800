// Telling what was just done, with a way back where there is one.

import { useIsland } from "../island/context.js";
import { t } from "../island/words.js";

/** @import { Result } from "./outbox.js" */

/**
 * Return a function that tells of a command that was done. `undo`: gives the command that undoes it.
 * @returns {(result: Result, words: string, undo?: () => Promise<Result>) => Result}
 */
export function useTelling() {
  const { toasts } = useIsland();
  const told = (/** @type {() => Promise<Result>} */ undo) => async () => {
    const result = await undo();
    if (result.state === "refused") toasts.show({ words: result.sentence });
  };
  return (result, words, undo) => {
    if (result.state !== "done") return result;
    toasts.show(undo ? { words, action: { words: t("Undo"), run: told(undo) } } : { words });
    return result;
  };
}
