// Words that were written on another page of the same person at the same time: nothing typed is lost.

import { html } from "../../island/html.js";
import { Button } from "../../island/parts.js";
import { t } from "../../island/words.js";
import { useWorkspace } from "../store.js";

/** @import { Surface } from "../../wire.js" */

/** @param {{ conversation: string, surface: Surface }} props */
export function Other({ conversation, surface }) {
  const { drafts } = useWorkspace();
  const [other] = drafts.of(conversation, surface).others;
  if (!other) return null;
  return html`<div class="other-words" role="status">
    <p>${t("You wrote something else on another page:")}</p>
    <p class="words" dir="auto">${other.text || t("Picture")}</p>
    <p class="row"><${Button} words=${t("Use these words")} onClick=${() => drafts.useOther(conversation, surface)} />
      <${Button} words=${t("Forget them")} onClick=${() => drafts.dismissOther(conversation, surface)} /></p>
  </div>`;
}
