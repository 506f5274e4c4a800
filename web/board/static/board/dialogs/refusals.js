// What a job could not do, and why, conversation by conversation.

import { request } from "../../island/api.js";
import { html, useEffect, useState } from "../../island/html.js";
import { Button, Dialog, Skeleton } from "../../island/parts.js";
import { n, t } from "../../island/words.js";
import { addressOf } from "../list/wanted.js";

/** @import { BulkItemOut } from "../../wire.js" */
/** @import { DialogProps } from "./open_dialog.js" */

const AT_ONCE = 200;

/** @param {DialogProps} props */
export function Refusals({ id, onClose }) {
  const [items, setItems] = useState(/** @type {BulkItemOut[] | null} */ (null));
  const [next, setNext] = useState(/** @type {string | null} */ (null));
  const load = async (/** @type {string | null} */ cursor) => {
    const more = cursor ? `&cursor=${cursor}` : "";
    const path = `/v1/bulk-jobs/${id}/conversations?state=refused&limit=${AT_ONCE}${more}`;
    const outcome = await request(path);
    if (outcome.state !== "done") return;
    const page = /** @type {{ items: BulkItemOut[], next: string | null }} */ (outcome.value);
    setItems((before) => [...(before ?? []), ...page.items]);
    setNext(page.next);
  };
  useEffect(() => void load(null), [id]);
  const groups = Map.groupBy(items ?? [], (item) => item.sentence ?? "");
  return html`<${Dialog} title=${t("What was refused")} kind="broad" onClose=${onClose}>
    <div class="refusals">
      ${items ? [...groups].map(([sentence, those]) => html`<${Group} key=${sentence} sentence=${sentence} items=${those} />`) : html`<${Skeleton} />`}
    </div>
    <div class="row">${next && html`<${Button} words=${t("Show more")} onClick=${() => load(next)} />`}
      <${Button} words=${t("Close")} onClick=${onClose} /></div>
  <//>`;
}

/** @param {{ sentence: string, items: BulkItemOut[] }} props */
function Group({ sentence, items }) {
  return html`<section><h3>${sentence}</h3>
    <p class="quiet">${n("{n} conversation", "{n} conversations", items.length)}</p>
    <ol>${items.map(({ conversation_id: id }, index) => html`<li key=${id}><a href=${addressOf(id)}>${t("Conversation {n}", { n: index + 1 })}</a></li>`)}</ol>
  </section>`;
}
