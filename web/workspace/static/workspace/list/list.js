// The lists, and what stands above them.

import { useShortcuts } from "../../island/context.js";
import { html, useEffect, useState } from "../../island/html.js";
import { Button, Failure, Skeleton } from "../../island/parts.js";
import { t } from "../../island/words.js";
import { addressOf } from "../route.js";
import { useWorkspace } from "../store.js";
import { Entry } from "./entry.js";
import { Elsewhere } from "./elsewhere.js";

const QUEUE_MS = 10_000;

export function List() {
  const { store } = useWorkspace();
  useShortcuts(listKeys);
  useQueue();
  const Level = store.selected.value ? "h2" : "h1";
  const begin = () => store.openDialog("begin");
  return html`<section class="list" aria-label=${t("Conversations")}>
    <div class="list-head">
      <${Level}>${t("Conversations")}<//>
      <${Button} kind="new" icon="new" words=${t("New")} onClick=${begin} />
    </div>
    <${Elsewhere} />
    <div class="list-body">
      <${Tabs} />
      <${Rows} />
    </div>
  </section>`;
}

function Tabs() {
  const { store } = useWorkspace();
  const { mine, waiting, snoozed } = store.counts.value;
  const hasSnoozed = snoozed > 0 || store.view.value === "snoozed";
  const tabs = /** @type {const} */ ([
    ["mine", t("Mine"), mine],
    ["waiting", t("Waiting"), waiting],
    ...(hasSnoozed ? [/** @type {const} */ (["snoozed", t("Snoozed"), snoozed])] : []),
    ["done", t("Done"), null],
    ["all", t("All"), null],
  ]);
  return html`<nav class="tabs" aria-label=${t("Lists")}>
    ${tabs.map(
      ([
        view,
        words,
        count,
      ]) => html`<a href=${addressOf({ view, conversation: store.selected.value })}
      aria-current=${view === store.view.value ? "page" : undefined}>${words}${count !== null && html` <span class="count">${count}</span>`}</a>`,
    )}
  </nav>`;
}

function Rows() {
  const { store, loading } = useWorkspace();
  const [view, rows] = [store.view.value, store.listed.value];
  const state = store.lists.value[view];
  if (!rows.length) return state?.isLoaded ? html`<${Empty} />` : html`<${Skeleton} lines=${8} />`;
  const hasSkill = new Set(rows.map((row) => row.skill_id)).size > 1;
  const made = rows.map(
    (row, index) => html`<${Entry} key=${row.id} row=${row} view=${view}
    place=${view === "waiting" ? index + 1 : null} isCurrent=${row.id === store.selected.value}
    hasSkill=${hasSkill} />`,
  );
  return html`<ul class="entries" aria-label=${t("Conversations")}>${made}
    ${state?.next && html`<li class="more"><${Button} words=${t("Show more")} onClick=${() => loading.moreOf(view)} /></li>`}
  </ul>`;
}

function Empty() {
  const { store } = useWorkspace();
  const words = {
    mine: t("You have no conversations. New ones appear here while you are online."),
    waiting: t("Nobody is waiting."),
    snoozed: t("You have snoozed nothing."),
    done: t("You have not closed a conversation yet."),
    mentions: t("No note mentions you."),
    all: t("No conversations yet."),
  };
  const isOff = store.view.value === "mine" && store.me.state === "offline";
  if (isOff) return html`<${GoOnline} />`;
  return html`<p class="empty">${words[store.view.value]}</p>`;
}

/** Why the list is empty, and what to do about it. */
function GoOnline() {
  const { acts } = useWorkspace();
  const [refused, refuse] = useState(/** @type {string | null} */ (null));
  const go = async () => refuse(await acts.setState("online", null));
  return html`<div class="empty"><p>${t("You are offline, so no conversation comes to you.")}</p>
    <${Button} kind="primary" words=${t("Go online")} onClick=${go} />
    <${Failure} words=${refused} /></div>`;
}

/** The reason for a wait changes without an event: while the queue is shown it is read again. */
function useQueue() {
  const { store, loading } = useWorkspace();
  const isShown = store.view.value === "waiting";
  useEffect(() => {
    if (!isShown) return undefined;
    const timer = setInterval(() => loading.list("waiting"), QUEUE_MS);
    return () => clearInterval(timer);
  }, [isShown]);
}

function listKeys() {
  const group = t("List");
  return [
    { keys: "j", words: t("Next conversation"), group, run: () => move(1) },
    { keys: "k", words: t("Conversation before"), group, run: () => move(-1) },
  ];
}

/** Move the focus through the list. @param {number} step */
function move(step) {
  const entries = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".entry")]);
  const focused = entries.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const from = focused < 0 ? entries.findIndex((entry) => entry.ariaCurrent === "true") : focused;
  const next = from < 0 ? 0 : from + step;
  entries[Math.max(0, Math.min(next, entries.length - 1))]?.focus();
}
