// A text for a phone in a dialog, with its segments.

import { html, useId, useState } from "../../island/html.js";
import { t } from "../../island/words.js";
import { Counter } from "../composer/counter.js";

/** @param {{ isSmart: boolean }} props */
export function CountedText({ isSmart }) {
  const id = useId();
  const [text, setText] = useState("");
  return html`<div class="field"><label for=${id}>${t("Text")}</label>
    <textarea id=${id} name="text" rows="4" dir="auto" required value=${text}
      onInput=${(/** @type {any} */ event) => setText(event.currentTarget.value)}></textarea>
    <${Counter} id="${id}-counter" text=${text} isSmart=${isSmart} /></div>`;
}
