// A dialog about those that are chosen: what is given goes on behind it, and is followed beside the
// list.

import { newKey } from "../../island/api.js";
import { html, useState } from "../../island/html.js";
import { FormDialog } from "../../island/form_dialog.js";
import { useBoard } from "../store.js";

/** @import { Children } from "../../island/html.js" */
/** @import { BulkAction } from "../../wire.js" */

/**
 * `action`: what is done, by the form's values, or the sentence that says what is missing.
 * @param {{ title: (count: number) => string, done: string, isDoneFirst?: boolean, onClose: () => void, children: Children,
 *   action: (values: Record<string, string>) => Partial<BulkAction> | string }} props
 */
export function BulkForm({ title, done, isDoneFirst, onClose, children, action }) {
  const { listing, jobs } = useBoard();
  // What was chosen when the dialog opened. Asked again without an answer, it is done once.
  const [{ selection, count, key }] = useState(() => ({
    selection: listing.selection,
    count: listing.count.peek(),
    key: newKey(),
  }));
  const give = async (/** @type {Record<string, string>} */ values) => {
    const made = action(values);
    if (typeof made === "string") return { state: "refused", sentence: made };
    const given = await jobs.give(made, selection, key);
    if (given.state === "done") listing.choose(false);
    return given;
  };
  return html`<${FormDialog} title=${title(count)} done=${done} isDoneFirst=${isDoneFirst} onClose=${onClose} give=${give}>${children}<//>`;
}
