// What can be done with a text that is pointed at or has the focus: copy it, copy a link to it.

import { useIsland } from "../../island/context.js";
import { copied } from "../../island/copying.js";
import { html, useComputed } from "../../island/html.js";
import { Button } from "../../island/parts.js";
import { t } from "../../island/words.js";
import { linkTo } from "../route.js";
import { useWorkspace } from "../store.js";
import { usePlace } from "./place.js";

/** @import { Entry } from "../../wire.js" */

/** @param {{ entry: Entry }} props */
export function Tools({ entry }) {
  const { active } = usePlace();
  const isHere = useComputed(() => active.value === String(entry.id));
  const copy = useCopying();
  if (!isHere.value) return null;
  return html`<div class="text-tools">
    ${entry.message?.text && html`<${Button} kind="icon-button small" icon="copy" label=${t("Copy this text")} onClick=${() => copy.text(entry)} />`}
    <${Button} kind="icon-button small" icon="link" label=${t("Copy a link to this text")} onClick=${() => copy.link(entry)} />
  </div>`;
}

/** @returns {{ text: (entry: Entry) => Promise<void>, link: (entry: Entry) => Promise<void> }} */
export function useCopying() {
  const { toasts } = useIsland();
  const { store } = useWorkspace();
  const copy = async (/** @type {string} */ words, /** @type {string} */ done) => {
    const isDone = await copied(words);
    toasts.show({ words: isDone ? done : t("The browser does not let us copy.") });
  };
  return {
    text: (entry) => copy(entry.message?.text ?? "", t("The text is copied.")),
    link: (entry) =>
      copy(linkTo(store.selected.peek() ?? "", entry.id), t("A link to the text is copied.")),
  };
}
