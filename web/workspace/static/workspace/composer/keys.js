// Keys for writing.

import { useShortcuts } from "../../island/context.js";
import { useRef } from "../../island/html.js";
import { t } from "../../island/words.js";
import { useWorkspace } from "../store.js";

/** @import { Opened, Surface } from "../../wire.js" */

/** @param {Opened} opened @param {(closes: boolean) => void} send @param {{ current: HTMLTextAreaElement | null }} field */
export function useWritingKeys(opened, send, field) {
  const { drafts } = useWorkspace();
  const latest = useRef(send);
  latest.current = send;
  const group = t("Writing");
  const write = (/** @type {Surface} */ surface) => () => {
    drafts.choose(opened.conversation_id, surface);
    // The other box is there once it was rendered, which is before the next key.
    queueMicrotask(() => field.current?.focus());
  };
  useShortcuts(() => [
    {
      ...{ keys: "Ctrl+Enter", group, isForWriting: true },
      words: t("Send what is in the box; with Shift, send and close"),
      run: (event) => {
        const isHere = field.current?.form?.contains(/** @type {Node} */ (event.target));
        // A key that is held down counts once.
        if (isHere && !event.repeat) latest.current(event.shiftKey);
        return isHere;
      },
    },
    { keys: "r", words: t("Write a reply"), group, run: write("reply") },
    { keys: "n", words: t("Write a private note"), group, run: write("note") },
  ]);
}
