// The head of every island: the pages, the connection, the reader's own state, and their menu.

import { useIsland } from "./context.js";
import { html, useState } from "./html.js";
import { Icon } from "./icons.js";
import { KeySheet } from "./key_sheet.js";
import { Avatar, Failure, Menu } from "./parts.js";
import { CHOICES, NAMES } from "./preferences.js";
import { SignatureDialog } from "./signing.js";
import { LANGUAGES, language, n, t } from "./words.js";

/** @import { Children } from "./html.js" */
/** @import { Preference } from "./preferences.js" */
/** @import { Change } from "./signing.js" */
/** @import { AgentState, Own } from "../wire.js" */

export const STATES = /** @type {Record<AgentState, string>} */ ({
  online: t("Online"),
  back_soon: t("Back soon"),
  away: t("Away"),
  offline: t("Offline"),
});

/** A state in words. @param {AgentState} state @param {string | null} reason */
export const stateWords = (state, reason) =>
  reason ? t("{state}: {reason}", { state: STATES[state], reason }) : STATES[state];

/**
 * `own`: the reader. `onState`: sets their state, and returns what refused it, null for nothing.
 * `search`: the search field; `children`: what the page adds.
 * @param {{ here: string, account: string, own: Own, connection: "wait" | "on" | "off", supervises: boolean,
 *   administers: boolean, onState: (state: AgentState, reason: string | null) => Promise<string | null>,
 *   onSign: (change: Change) => Promise<string | null>,
 *   search?: Children, children?: Children }} props
 */
export function TopBar({
  here,
  account,
  own,
  connection,
  supervises,
  administers,
  onState,
  onSign,
  search,
  children,
}) {
  const pages = html`<${Pages} here=${here} supervises=${supervises} administers=${administers} />`;
  return html`<header class="topbar">
    <a class="mark" href="/workspace"><img src="/static/icon.svg" alt="" width="28" height="28" /> <span>Switchboard</span></a>
    <p class="account" dir="auto">${account}</p>
    <nav class="pages" aria-label=${t("Pages")}>${pages}</nav>
    ${search}
    <${Connection} state=${connection} />
    ${children}
    <${Ratings} own=${own} />
    <${OwnState} own=${own} onState=${onState} />
    <${Person} own=${own} onSign=${onSign}>
      <nav class="links" aria-label=${t("All pages")}>${pages}</nav>
      ${!administers && html`<p><a href="/admin/saved-replies">${t("Saved replies")}</a></p>`}
    <//>
  </header>`;
}

/** @param {{ here: string, supervises: boolean, administers: boolean }} props */
function Pages({ here, supervises, administers }) {
  const ofManagers = [
    ["/board", t("Board")],
    ["/reports", t("Reports")],
    ["/batches", t("Batches")],
  ];
  const pages = [
    ["/workspace", t("Workspace")],
    ...(supervises ? ofManagers : []),
    ["/conversations", t("All conversations")],
    ["/consumers", t("Consumers")],
    ...(administers ? [["/admin", t("Settings")]] : []),
  ];
  return pages.map(
    ([path, words]) =>
      html`<a href=${path} aria-current=${path === here ? "page" : undefined}>${words}</a>`,
  );
}

const CONNECTIONS = { wait: t("Connecting"), on: t("Live"), off: t("Reconnecting") };

/** @param {{ state: "wait" | "on" | "off" }} props */
function Connection({ state }) {
  const isOffline = state === "off" && !navigator.onLine;
  const words = isOffline ? t("No connection") : CONNECTIONS[state];
  return html`<p class="connection" id="connection" role="status" data-state=${state}>
    <span class="dot"></span><span data-words>${words}</span>
  </p>`;
}

/** @param {{ own: Own }} props */
function Ratings({ own }) {
  const { percent, answers } = own.ratings;
  const shown =
    percent === null
      ? html`<span class="none">${t("No ratings yet")}</span>`
      : html`<strong>${t("{n} %", { n: percent })}</strong>${" "}
          <span class="quiet">${n("of {n} answer", "of {n} answers", answers)}</span>`;
  return html`<div id="own-ratings"><p class="ratings"><span class="quiet">${t("CSAT, last 12 h")}</span> ${shown}</p></div>`;
}

/** @param {{ own: Own, onState: (state: AgentState, reason: string | null) => Promise<string | null> }} props */
function OwnState({ own, onState }) {
  const [refused, refuse] = useState(/** @type {string | null} */ (null));
  const { state, state_reason: reason } = own.agent;
  const choices = Object.keys(STATES).flatMap((each) => [
    { state: /** @type {AgentState} */ (each), reason: null },
    ...(each === "away"
      ? own.reasons.map((one) => ({ state: /** @type {AgentState} */ ("away"), reason: one }))
      : []),
  ]);
  const summary = html`<span class="dot ${state}"></span><span class="hidden">${t("Your state:")}</span>
    <span class="state-words">${stateWords(state, reason)}</span><${Icon} name="more" />`;
  const buttons = choices.map(
    (one) => html`<button type="button"
    aria-current=${one.state === state && one.reason === reason ? "true" : undefined}
    onClick=${async () => refuse(await onState(one.state, one.reason))}>
    <span class="dot ${one.state}"></span>${stateWords(one.state, one.reason)}
  </button>`,
  );
  return html`<div id="own-state">
    <${Menu} kind="state" summary=${summary}>
      <div role="group" aria-label=${t("Your state")}>${buttons}</div>
    <//>
    <${Failure} words=${refused} />
  </div>`;
}

const ROLES = { agent: t("agent"), manager: t("manager"), admin: t("admin") };

/** @param {{ own: Own, onSign: (change: Change) => Promise<string | null>, children: Children }} props */
function Person({ own, onSign, children }) {
  const [isSigning, openSigning] = useState(false);
  const [isSheetOpen, openSheet] = useState(false);
  const { name, email, role, id } = own.agent;
  const summary = html`<${Avatar} name=${name} id=${id} /><span class="wide-only" dir="auto">${name}</span><${Icon} name="more" />`;
  return html`<${Menu} kind="person" summary=${summary} label=${t("Your menu: {name}", { name })}>
    <p class="quiet">${t("{name}, {role}", { name, role: ROLES[role] })}<br /><bdi>${email}</bdi></p>
    ${children}
    <${PreferenceList} />
    <${Languages} />
    <button type="button" onClick=${() => openSigning(true)}><${Icon} name="note" />${t("Signature")}</button>
    <button type="button" onClick=${() => openSheet(true)}><${Icon} name="keyboard" />${t("Keyboard")}</button>
    <p><a href="/password">${t("Change password")}</a></p>
    <form method="post" action="/log-out"><button data-stays>${t("Log out")}</button></form>
  <//>
  ${isSigning && html`<${SignatureDialog} own=${own} onSign=${onSign} onClose=${() => openSigning(false)} />`}
  ${isSheetOpen && html`<${KeySheet} onClose=${() => openSheet(false)} />`}`;
}

// The server keeps the language, and the page comes back in it.
function Languages() {
  return html`<form class="languages" method="post" action="/language" aria-label=${t("Language of the pages")}>
    ${Object.entries(LANGUAGES).map(
      ([code, name]) => html`<button name="language" value=${code} lang=${code} data-stays
        aria-current=${code === language ? "true" : undefined}>${name}</button>`,
    )}
  </form>`;
}

function PreferenceList() {
  const { preferences } = useIsland();
  const names = /** @type {Preference[]} */ (Object.keys(CHOICES));
  return html`<div class="preferences">
    ${names.map(
      (name) => html`<label class="preference"><span>${NAMES[name]}</span>
      <select onChange=${(/** @type {any} */ event) => preferences.choose(name, event.currentTarget.value)}>
        ${CHOICES[name].map((each) => html`<option value=${each} selected=${preferences.of(name) === each}>${NAMES[each]}</option>`)}
      </select></label>`,
    )}
  </div>`;
}
