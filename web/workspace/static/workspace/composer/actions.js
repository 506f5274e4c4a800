// What will be done once the reply was sent: shown before, and each can be left out.

import { html, useEffect } from "../../island/html.js";
import { Icon } from "../../island/icons.js";
import { isolated, t } from "../../island/words.js";
import { useWorkspace } from "../store.js";
import { actionsOf, wordsFor } from "./afterwards.js";

/** @import { Words } from "./words.js" */

/** @param {{ conversation: string, words: Words, isLater: boolean }} props */
export function Actions({ conversation, words, isLater }) {
  const { drafts, names } = useWorkspace();
  const { savedReply, actions } = words;
  useEffect(() => {
    // A draft of another tab knows its saved reply only.
    if (savedReply === null || actions !== null) return;
    actionsOf(savedReply).then((found) => {
      names.need(found);
      drafts.change(conversation, "reply", { actions: found });
    });
  }, [savedReply, actions]);
  if (!actions?.length) return null;
  if (isLater) return html`<p class="told">${t("Nothing is done after a scheduled text.")}</p>`;
  const remove = (/** @type {number} */ gone) =>
    drafts.change(conversation, "reply", { actions: actions.filter((_, at) => at !== gone) });
  const made = actions.map((action, at) => {
    const what = wordsFor(action, names.all);
    return html`<li key=${at}><bdi>${what}</bdi>
      <button type="button" aria-label=${t("Leave out: {what}", { what: isolated(what) })} onClick=${() => remove(at)}><${Icon} name="cross" /></button></li>`;
  });
  return html`<div class="afterwards"><p>${t("After it was sent:")}</p><ol>${made}</ol></div>`;
}
