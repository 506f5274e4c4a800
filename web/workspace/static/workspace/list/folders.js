// The lists by name: those everybody has, and the views that people keep.

import { html } from "../../island/html.js";
import { Icon } from "../../island/icons.js";
import { Menu } from "../../island/parts.js";
import { t } from "../../island/words.js";
import { isSame, ofView, plain } from "../query.js";
import { addressOf } from "../route.js";
import { useWorkspace } from "../store.js";

/** @import { Query } from "../query.js" */

/** @typedef {{ name: string, query: Query, count: number | null, isShared?: boolean }} Folder */

const MOST_COUNTED = 999;

export function Folders() {
  const { store } = useWorkspace();
  const { mine, waiting, snoozed } = store.counts.value;
  const hasSnoozed = snoozed > 0 || store.view.value === "snoozed";
  /** @type {Folder[]} */
  const tabs = [
    { name: t("Mine"), query: plain("mine"), count: mine },
    { name: t("Waiting"), query: plain("waiting"), count: waiting },
    ...(hasSnoozed ? [{ name: t("Snoozed"), query: plain("snoozed"), count: snoozed }] : []),
    { name: t("All"), query: plain("all"), count: null },
  ];
  return html`<div class="folders">
    <nav class="tabs" aria-label=${t("Lists")}>${tabs.map((tab) => html`<${Tab} ...${tab} />`)}</nav>
    <${More} />
  </div>`;
}

/** @param {Folder} folder */
function Tab({ name, query, count }) {
  const { store } = useWorkspace();
  return html`<a href=${addressOf({ query, conversation: store.selected.value })}
    aria-current=${isSame(query, store.query.value) ? "page" : undefined}>${name}<${Count} count=${count} /></a>`;
}

/** @param {{ count: number | null }} props */
function Count({ count }) {
  if (count === null) return null;
  return html` <span class="count">${count > MOST_COUNTED ? `${MOST_COUNTED}+` : count}</span>`;
}

/** The other lists. Its button names the one that is shown, if it is one of them. */
function More() {
  const { store } = useWorkspace();
  const fixed = [
    { name: t("Unread"), query: { ...plain("all"), unread: true }, count: store.unread.value },
    { name: t("Done by me"), query: plain("done"), count: null },
    { name: t("Mentions"), query: plain("mentions"), count: null },
  ];
  const named = store.views.value.map((view) => ({
    ...{ name: view.name, query: ofView(view), count: view.count, isShared: view.is_shared },
  }));
  const shown = [...fixed, ...named].find(({ query }) => isShown(query, store.query.value));
  const summary = html`${shown ? html`<bdi>${shown.name}</bdi>` : t("More")}<${Icon} name="more" />`;
  return html`<${Menu} kind="views ${shown ? "current" : ""}" summary=${summary} label=${shown ? t("More lists: {name} is shown", { name: shown.name }) : t("More lists")}>
    ${fixed.map((folder) => html`<${Line} ...${folder} />`)}
    ${named.length > 0 && html`<p class="quiet">${t("Views")}</p>`}
    ${named.map((folder) => html`<${Line} ...${folder} />`)}
    ${named.length > 0 && html`<button type="button" onClick=${() => store.openDialog("views")}>${t("Arrange views")}</button>`}
  <//>`;
}

/** A named view stays shown while its filters are changed. @param {Query} query @param {Query} present */
const isShown = (query, present) =>
  query.named ? query.named === present.named : !present.named && isSame(query, present);

/** @param {Folder} folder */
function Line({ name, query, count, isShared }) {
  const { store } = useWorkspace();
  return html`<a class="folder" href=${addressOf({ query, conversation: store.selected.value })}
    aria-current=${isShown(query, store.query.value) ? "page" : undefined}>
    <bdi>${name}</bdi>${isShared && html` <span class="quiet">${t("shared")}</span>`}<${Count} count=${count} /></a>`;
}
