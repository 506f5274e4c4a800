// Closing a conversation: with which reason and labels, and whether the consumer is asked to rate it.

import { html, useEffect, useState } from "../../island/html.js";
import { t } from "../../island/words.js";
import { useWorkspace } from "../store.js";
import { FormDialog } from "./form.js";
import { changed, LabelChoice } from "./labels.js";
import { ReasonChoice, reasonsFor } from "./reason.js";

/** @import { DialogProps } from "./open_dialog.js" */

/** @param {DialogProps} props */
export function Close({ id, onClose }) {
  const { store, acts, loading } = useWorkspace();
  // Reasons, and what the skill asks for, may have been set since the page was loaded.
  useEffect(() => void loading.names(), []);
  const row = store.rows.value.get(id);
  const [labels, setLabels] = useState(row?.label_ids ?? []);
  if (!row) return null;
  const boot = store.boot.value;
  const end = boot.skill_ends[row.skill_id ?? ""];
  const reasons = reasonsFor(boot, row.skill_id);
  const mayChoose = end?.may_skip_rating ?? false;
  const give = async (/** @type {Record<string, string>} */ { reason, rating }) => {
    if (changed(row.label_ids, labels)) {
      const result = await acts.do(id, t("Labels"), "labels", { labels }, "PUT");
      if (result.state === "refused") return result;
    }
    const asks = !mayChoose || rating !== undefined;
    return acts.do(id, t("Close"), "close", { reason: reason || null, asks_rating: asks });
  };
  const hasLabels = Object.values(boot.labels).some((one) => !one.is_retired) || labels.length > 0;
  return html`<${FormDialog} title=${t("Close this conversation?")} done=${t("Close")} onClose=${onClose} give=${give} isDoneFirst=${!reasons.length}>
    <p>${mayChoose ? t("Their next text after that opens a new conversation.") : t("The consumer is asked to rate it. Their next text after that opens a new conversation.")}</p>
    ${reasons.length > 0 && html`<${ReasonChoice} reasons=${reasons} isNeeded=${end?.needs_reason ?? false} />`}
    ${hasLabels && html`<${LabelChoice} chosen=${labels} onChange=${setLabels} />`}
    ${mayChoose && html`<label class="check"><input type="checkbox" name="rating" value="yes" defaultChecked /> ${t("Ask the consumer to rate it")}</label>`}
  <//>`;
}
