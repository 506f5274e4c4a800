// The bell in the head: how many notices are unread, and all of them on a click.

import { useIsland } from "../context.js";
import { html, useState } from "../html.js";
import { Icon } from "../icons.js";
import { Button, Menu, Time } from "../parts.js";
import { n, t } from "../words.js";
import { NoticePreferences } from "./preferences.js";

/** @import { NoticeOut } from "../../wire.js" */

const SHOWN = 30;
const MOST_COUNTED = 99;

/** @param {{ open: (conversation: string) => void }} props */
export function NoticeTray({ open }) {
  const { told } = useIsland();
  const [isChoosing, choose] = useState(false);
  const [only, setOnly] = useState(false);
  const unread = told.unread.value;
  const label = unread ? n("{n} unread notice", "{n} unread notices", unread) : t("Notices");
  const count = unread > MOST_COUNTED ? `${MOST_COUNTED}+` : unread;
  const summary = html`<${Icon} name="ring" />${unread > 0 && html`<span class="badge">${count}</span>`}`;
  return html`<${Menu} kind="notices" label=${label} summary=${summary}>
      <div class="notices-head">
        <h2>${t("Notices")}</h2>
        <button type="button" class="quiet-button" data-stays aria-pressed=${only ? "true" : "false"}
          onClick=${() => setOnly(!only)}>${t("Mentions")}</button>
        <button type="button" class="quiet-button" data-stays disabled=${!unread} onClick=${() => told.seeAll()}>${t("Mark all as read")}</button>
        <${Button} kind="icon-button" icon="dots" label=${t("How you are told")} onClick=${() => choose(true)} />
      </div>
      <${Lines} only=${only} open=${open} />
    <//>
    ${isChoosing && html`<${NoticePreferences} onClose=${() => choose(false)} />`}`;
}

/** @param {{ only: boolean, open: (conversation: string) => void }} props */
function Lines({ only, open }) {
  const { told } = useIsland();
  const shown = told.shown.value.filter(({ kind }) => !only || kind === "mention").slice(0, SHOWN);
  if (!shown.length) {
    const empty = only
      ? t("No note mentions you.")
      : t("Nothing yet. What concerns you appears here.");
    return html`<p class="quiet empty">${empty}</p>`;
  }
  return html`<ul class="notice-list">${shown.map((notice) => html`<${Line} key=${notice.id} notice=${notice} open=${open} />`)}</ul>`;
}

/** @param {{ notice: NoticeOut, open: (conversation: string) => void }} props */
function Line({ notice, open }) {
  const { told } = useIsland();
  const { id, conversation_id: conversation, title, body, at, read_at } = notice;
  const go = () => {
    told.see(id);
    if (conversation) open(conversation);
  };
  return html`<li class=${read_at ? "" : "unread"}>
    <button type="button" class="notice" onClick=${go}>
      <span class="notice-title">${!read_at && html`<span class="hidden">${t("Unread:")} </span>`}<bdi>${title}</bdi></span>
      <${Time} at=${at} />
      ${body && html`<span class="notice-body" dir="auto">${body}</span>`}
    </button>
  </li>`;
}
