// A dialog with a form: it closes once its command is done or on its way, and says what refused it.

import { html, useState } from "./html.js";
import { Dialog, DialogButtons, Failure } from "./parts.js";

/** @import { Children } from "./html.js" */

/**
 * What came of a command. A refusal has a sentence that says why.
 * @typedef {{ state: string, sentence?: string }} Given
 */

/**
 * `give`: gives the command, with the form's values. `isDoneFirst`: Enter alone confirms it.
 * @param {{ title: string, done: string, kind?: string, isDoneFirst?: boolean, onClose: () => void, children: Children,
 *   give: (values: Record<string, string>) => Promise<Given> }} props
 */
export function FormDialog({ title, done, kind, isDoneFirst, onClose, children, give }) {
  const [refused, refuse] = useState(/** @type {string | null} */ (null));
  const [isBusy, setBusy] = useState(false);
  const submit = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    if (isBusy) return;
    const form = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
    const values = Object.fromEntries([...form].map(([name, value]) => [name, String(value)]));
    setBusy(true);
    const result = await give(values);
    setBusy(false);
    if (result.state === "refused") refuse(result.sentence ?? "");
    else onClose();
  };
  return html`<${Dialog} title=${title} kind=${kind} onClose=${onClose}>
    <form onSubmit=${submit} onInput=${() => refuse(null)}>
      ${children}
      <${Failure} words=${refused} />
      <${DialogButtons} done=${done} isBusy=${isBusy} isFirst=${isDoneFirst} onClose=${onClose} />
    </form>
  <//>`;
}
