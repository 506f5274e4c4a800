// The page: its head, the list, the conversation and what surrounds it. Each part is a component of
// its folder; they share the store and know nothing of each other.

import { useIsland, useShortcuts } from "../island/context.js";
import { html, useEffect, useState } from "../island/html.js";
import { KeySheet } from "../island/key_sheet.js";
import { LogInDialog } from "../island/log_in.js";
import { calledBy } from "../island/parts.js";
import { ToastList } from "../island/toasts.js";
import { TopBar } from "../island/topbar.js";
import { isolated, t } from "../island/words.js";
import { Conversation } from "./conversation.js";
import { Context } from "./context/context.js";
import { OpenDialog } from "./dialogs/open_dialog.js";
import { List } from "./list/list.js";
import { Notices } from "./notices/notices.js";
import { NoticeTray } from "../island/notices/tray.js";
import { Ringing, SoundButton } from "./notices/ringing.js";
import { go } from "./route.js";
import { Search } from "./search.js";
import { useWorkspace } from "./store.js";

export function Page() {
  const { store, stream, acts } = useWorkspace();
  const [isSheetOpen, openSheet] = useState(false);
  const { account, supervises, administers } = store.boot.value;
  useTitle();
  usePageKeys(() => openSheet(true));
  const isOpen = store.selected.value !== null;
  return html`<a class="skip" href="#conversation">${t("To the conversation")}</a>
    <${TopBar} here="/workspace" account=${account} own=${store.own.value} connection=${stream.state.value}
      supervises=${supervises} administers=${administers}
      onState=${acts.setState.bind(acts)} onSign=${acts.sign.bind(acts)} search=${html`<${Search} />`}><${SoundButton} /><${NoticeTray} open=${openConversation(store)} /><//>
    <${Notices} />
    <main id="workspace" class=${isOpen ? "has-conversation" : ""}>
      <${Ringing} />
      <${List} />
      ${isOpen ? html`<${Conversation} key=${store.selected.value} /><${Context} />` : html`<${Nothing} />`}
    </main>
    <${OpenDialog} />
    <${ToastList} toasts=${useIsland().toasts} />
    ${isSheetOpen && html`<${KeySheet} onClose=${() => openSheet(false)} />`}
    <${LoggedOut} />`;
}

/** @param {import("./store.js").Store} store @returns {(id: string) => void} */
const openConversation = (store) => (conversation) => go({ view: store.view.peek(), conversation });

function Nothing() {
  return html`<section class="conversation nothing" id="conversation" aria-label=${t("No conversation chosen")}>
    <h2>${t("Choose a conversation")}</h2>
    <p class="quiet">${t("Move through the list with j and k, open with Enter. All keys: ?")}</p>
  </section>`;
}

function LoggedOut() {
  const { store, loading, outbox, saving, stream } = useWorkspace();
  if (!store.isLoggedOut.value) return null;
  const back = () => {
    store.isLoggedOut.value = false;
    stream.again();
    outbox.hurry();
    saving.hurry();
    loading.all();
  };
  return html`<${LogInDialog} agent=${store.me} onDone=${back} />`;
}

/** Whom the page is about, and how many wait for a reply. */
function useTitle() {
  const { store } = useWorkspace();
  const consumer = store.rows.value.get(store.selected.value ?? "")?.consumer;
  const unanswered = store.counts.value.unanswered;
  useEffect(() => {
    const whose = consumer ? `${isolated(calledBy(consumer))} · ` : "";
    document.title = `${unanswered ? `(${unanswered}) ` : ""}${whose}Switchboard`;
  }, [consumer, unanswered]);
}

/** @param {() => void} showSheet */
function usePageKeys(showSheet) {
  useShortcuts(() => [
    { keys: "?", words: t("Show this sheet"), group: t("Everywhere"), run: showSheet },
    {
      keys: "Escape",
      words: t("Leave the box"),
      group: t("Writing"),
      isForWriting: true,
      run: leaveBox,
    },
  ]);
}

function leaveBox() {
  const box = document.activeElement;
  if (!(box instanceof HTMLElement) || document.querySelector("dialog[open]")) return false;
  if (!box.matches("input, textarea, select")) return false;
  const open = document.querySelector(".entry[aria-current='true'], .entry");
  if (open instanceof HTMLElement) open.focus();
  else box.blur();
  return true;
}
