// The rows of the list that is shown. Only those in sight are drawn, however long the list is, and
// the next part is read before its end comes into sight.

import { html, useEffect, useLayoutEffect, useRef, useState } from "../../island/html.js";
import { Button, Failure, Skeleton } from "../../island/parts.js";
import { t } from "../../island/words.js";
import { isFiltered, plain, written } from "../query.js";
import { addressOf, go } from "../route.js";
import { useWorkspace } from "../store.js";
import { Entry } from "./entry.js";
import { useWindow } from "./windowing.js";

/** @import { Row } from "../../wire.js" */

const NEAR_ROWS = 20;

export function Rows() {
  const { store } = useWorkspace();
  const rows = store.listed.value;
  const isLoaded = store.lists.value[written(store.query.value)]?.isLoaded;
  if (rows.length) return html`<${Shown} rows=${rows} />`;
  return isLoaded ? html`<${Empty} />` : html`<${Skeleton} lines=${8} />`;
}

/** @param {{ rows: Row[] }} props */
function Shown({ rows }) {
  const { store, loading } = useWorkspace();
  const query = store.query.value;
  const next = store.lists.value[written(query)]?.next;
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  const selected = store.selected.value;
  const { runs, last } = useWindow(list, rows, selected, `${written(query)} ${next ? "more" : ""}`);
  useEffect(() => {
    if (next && last > rows.length - NEAR_ROWS) loading.moreOf(query);
  }, [last, rows.length, next]);
  useTop(list, written(query));
  const hasSkill = new Set(rows.map((row) => row.skill_id)).size > 1;
  const made = runs.map((run) =>
    "height" in run
      ? html`<li key=${run.key} class="unseen" aria-hidden="true" style=${{ height: `${run.height}px` }}></li>`
      : html`<${Entry} key=${run.row.id} row=${run.row} view=${query.view}
        href=${addressOf({ query, conversation: run.row.id })} place=${query.view === "waiting" ? run.index + 1 : null}
        isCurrent=${run.row.id === selected} hasSkill=${hasSkill} index=${run.index} count=${next ? -1 : rows.length} />`,
  );
  return html`<ul class="entries" aria-label=${t("Conversations")} ref=${list}>${made}
    ${next && html`<li class="more"><${Button} words=${t("Show more")} onClick=${() => loading.moreOf(query)} /></li>`}
  </ul>`;
}

/** Another list begins at its top. @param {{ current: HTMLElement | null }} list @param {string} name */
function useTop(list, name) {
  useLayoutEffect(() => {
    list.current?.scrollTo({ top: 0 });
  }, [name]);
}

function Empty() {
  const { store } = useWorkspace();
  const query = store.query.value;
  const words = {
    mine: t("You have no conversations. New ones appear here while you are online."),
    waiting: t("Nobody is waiting."),
    snoozed: t("You have snoozed nothing."),
    done: t("You have not closed a conversation yet."),
    mentions: t("No note mentions you."),
    all: t("No conversations yet."),
  };
  const isOff = query.view === "mine" && store.me.state === "offline";
  if (isOff && !isFiltered(query)) return html`<${GoOnline} />`;
  if (!isFiltered(query)) return html`<p class="empty">${words[query.view]}</p>`;
  const clear = () => go({ query: plain(query.view), conversation: store.selected.peek() });
  return html`<div class="empty"><p>${t("No conversation passes these filters.")}</p>
    <${Button} words=${t("Without filters")} onClick=${clear} /></div>`;
}

/** Why the list is empty, and what to do about it. */
function GoOnline() {
  const { acts } = useWorkspace();
  const [refused, refuse] = useState(/** @type {string | null} */ (null));
  const goOnline = async () => refuse(await acts.setState("online", null));
  return html`<div class="empty"><p>${t("You are offline, so no conversation comes to you.")}</p>
    <${Button} kind="primary" words=${t("Go online")} onClick=${goOnline} />
    <${Failure} words=${refused} /></div>`;
}
