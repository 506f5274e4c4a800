// The consumer's earlier conversations, a few at a time.

import { request } from "../../island/api.js";
import { html, useState } from "../../island/html.js";
import { Button, Time } from "../../island/parts.js";
import { t } from "../../island/words.js";
import { Score } from "../marks.js";
import { addressOf } from "../route.js";
import { useWorkspace } from "../store.js";
import { Card } from "./card.js";

/** @import { EarlierPage, Opened, Row } from "../../wire.js" */

/** @param {{ opened: Opened }} props */
export function Earlier({ opened }) {
  const [more, setMore] = useState(/** @type {EarlierPage | null} */ (null));
  const next = more ? more.next : opened.earlier.next;
  const rows = [...opened.earlier.items, ...(more?.items ?? [])];
  const load = async () => {
    const outcome = await request(`/workspace/${opened.conversation_id}/past?before=${next}`);
    if (outcome.state !== "done") return;
    const page = /** @type {EarlierPage} */ (outcome.value);
    setMore({ items: [...(more?.items ?? []), ...page.items], next: page.next });
  };
  return html`<${Card} name="earlier" title=${t("Earlier conversations")}>
    ${
      rows.length
        ? html`<ul class="earlier-list">${rows.map((row) => html`<${Line} key=${row.id} row=${row} />`)}</ul>`
        : html`<p class="quiet">${t("None that you can see.")}</p>`
    }
    ${next && html`<${Button} kind="quiet-button" words=${t("Show more")} onClick=${load} />`}
  <//>`;
}

/** @param {{ row: Row }} props */
function Line({ row }) {
  const { skills } = useWorkspace().store.boot.value;
  return html`<li><a href=${addressOf({ view: "all", conversation: row.id })}><${Time} at=${row.opened_at} /></a>
    ${" "}<bdi class="quiet">${skills[row.skill_id ?? ""] ?? ""}</bdi> <${Score} rating=${row.rating} />
    <span class="preview" dir="auto">${row.last_text ?? ""}</span></li>`;
}
