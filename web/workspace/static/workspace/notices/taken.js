// Who took the open conversation from the reader, and why.

import { useIsland } from "../../island/context.js";
import { html } from "../../island/html.js";
import { Time } from "../../island/parts.js";
import { useWorkspace } from "../store.js";

export function Taken() {
  const { store } = useWorkspace();
  const { told } = useIsland();
  const row = store.rows.value.get(store.selected.value ?? "");
  if (!row || row.agent_id === store.me.id) return null;
  const notice = told.lastOf(row.id, "taken_away");
  if (!notice) return null;
  return html`<div class="taken" role="status">
    <p><strong><bdi>${notice.title}</bdi></strong> <span class="quiet"><${Time} at=${notice.at} /></span></p>
    ${notice.body && notice.by_agent_id && html`<p dir="auto">${notice.body}</p>`}
  </div>`;
}
