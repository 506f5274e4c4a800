// The page: its head, alerts, figures, queues, people, and the conversations beside them. Each part
// is a component of its folder; they share the store and know nothing of each other.

import { useIsland, useShortcuts } from "../island/context.js";
import { html, useEffect, useState } from "../island/html.js";
import { KeySheet } from "../island/key_sheet.js";
import { LogInDialog } from "../island/log_in.js";
import { NoticeTray } from "../island/notices/tray.js";
import { ToastList } from "../island/toasts.js";
import { TopBar } from "../island/topbar.js";
import { t } from "../island/words.js";
import { Alerts } from "./alerts.js";
import { Bots } from "./bots.js";
import { OpenDialog } from "./dialogs/open_dialog.js";
import { Glance } from "./glance.js";
import { List } from "./list/list.js";
import { openConversation } from "./list/wanted.js";
import { People } from "./people/people.js";
import { Queues } from "./queues/queues.js";
import { Search } from "./search.js";
import { useBoard } from "./store.js";

export function Page() {
  const { store, acts, listing, stream } = useBoard();
  const [isSheetOpen, openSheet] = useState(false);
  const { account, supervises, administers } = store.boot.value;
  const isListed = listing.wanted.value !== null;
  useTitle();
  usePageKeys(() => openSheet(true));
  if (store.refused.value) return html`<main class="board"><p>${store.refused.value}</p></main>`;
  return html`<a class="skip" href="#board">${t("To the board")}</a>
    <${TopBar} here="/board" account=${account} own=${store.own.value} connection=${stream.state.value}
      supervises=${supervises} administers=${administers} onState=${acts.setState.bind(acts)} onSign=${acts.sign.bind(acts)} search=${html`<${Search} />`}>
      <${NoticeTray} open=${openConversation} />
    <//>
    <main id="board" class="board ${isListed ? "has-list" : ""}">
      <h1 class="hidden">${t("Board")}</h1>
      <div class="board-body">
        <${Alerts} />
        <${Glance} />
        <${Queues} />
        <${People} />
        <${Bots} />
      </div>
      ${isListed && html`<${List} />`}
    </main>
    <${OpenDialog} />
    <${ToastList} toasts=${useIsland().toasts} />
    ${isSheetOpen && html`<${KeySheet} onClose=${() => openSheet(false)} />`}
    <${LoggedOut} />`;
}

function LoggedOut() {
  const { store, acts, stream } = useBoard();
  if (!store.isLoggedOut.value) return null;
  const back = () => {
    store.isLoggedOut.value = false;
    stream.again();
    acts.load();
  };
  return html`<${LogInDialog} agent=${store.own.value.agent} onDone=${back} />`;
}

/** How many wait, where one sees it from another tab. */
function useTitle() {
  const { waiting } = useBoard().store.glance.value;
  useEffect(() => {
    document.title = `${waiting ? `(${waiting}) ` : ""}${t("Board")} · Switchboard`;
  }, [waiting]);
}

/** @param {() => void} showSheet */
function usePageKeys(showSheet) {
  const { listing } = useBoard();
  const group = t("Everywhere");
  useShortcuts(() => [
    { keys: "?", words: t("Show this sheet"), group, run: showSheet },
    {
      keys: "o",
      words: t("Show all open conversations"),
      group,
      run: () => listing.show({ status: ["waiting", "assigned"] }),
    },
    {
      keys: "q",
      words: t("Show the queue"),
      group,
      run: () => listing.show({ status: ["waiting"] }),
    },
    {
      keys: "f",
      words: t("Find a person"),
      group,
      run: () => document.querySelector(/** @type {"input"} */ ("#find-person"))?.focus(),
    },
  ]);
}
