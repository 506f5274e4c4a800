// The lists, and what stands above them.

import { useShortcuts } from "../../island/context.js";
import { html, useEffect } from "../../island/html.js";
import { Button } from "../../island/parts.js";
import { t } from "../../island/words.js";
import { plain } from "../query.js";
import { go } from "../route.js";
import { useWorkspace } from "../store.js";
import { Elsewhere } from "./elsewhere.js";
import { Filters } from "./filters.js";
import { Folders } from "./folders.js";
import { Rows } from "./rows.js";

/** @import { Workspace } from "../workspace.js" */

const QUEUE_MS = 10_000;
const COUNTS_MS = 60_000;

export function List() {
  const workspace = useWorkspace();
  const { store } = workspace;
  useShortcuts(() => listKeys(workspace));
  useUpdates();
  const Level = store.selected.value ? "h2" : "h1";
  const begin = () => store.openDialog("begin");
  return html`<section class="list" aria-label=${t("Conversations")}>
    <div class="list-head">
      <${Level}>${t("Conversations")}<//>
      <${Button} kind="new" icon="new" words=${t("New")} onClick=${begin} />
    </div>
    <${Elsewhere} />
    <div class="list-body">
      <${Folders} />
      <${Filters} />
      <${Rows} />
    </div>
  </section>`;
}

/** The reason for a wait changes without an event, as counts of views do: both are read again. */
function useUpdates() {
  const { store, loading } = useWorkspace();
  const isQueue = store.view.value === "waiting";
  useEffect(() => {
    if (!isQueue) return undefined;
    const timer = setInterval(() => loading.list(store.query.peek()), QUEUE_MS);
    return () => clearInterval(timer);
  }, [isQueue]);
  useEffect(() => {
    const look = () => document.visibilityState === "visible" && loading.views();
    const timer = setInterval(look, COUNTS_MS);
    return () => clearInterval(timer);
  }, []);
}

/** @param {Workspace} workspace */
function listKeys({ store, reading }) {
  const group = t("Lists");
  const to = (/** @type {import("../query.js").Query} */ query) =>
    go({ query, conversation: store.selected.peek() });
  return [
    { keys: "j", words: t("Next conversation"), group, run: () => move(1) },
    { keys: "k", words: t("Previous conversation"), group, run: () => move(-1) },
    { keys: "g m", words: t("My conversations"), group, run: () => to(plain("mine")) },
    { keys: "g w", words: t("Waiting conversations"), group, run: () => to(plain("waiting")) },
    { keys: "g a", words: t("All conversations"), group, run: () => to(plain("all")) },
    {
      keys: "g u",
      words: t("Unread conversations"),
      group,
      run: () => to({ ...plain("all"), unread: true }),
    },
    {
      keys: "u",
      words: t("Mark as unread"),
      group,
      run: () => markUnread(reading, store.selected.peek()),
    },
  ];
}

/** @param {import("../reading.js").Reading} reading @param {string | null} selected */
function markUnread(reading, selected) {
  const focused = document.activeElement?.closest("[data-conversation-entry]");
  const id = focused?.getAttribute("data-conversation-entry") ?? selected;
  if (!id) return false;
  reading.mark(id);
  return true;
}

/** Move the focus through the list. @param {number} step */
function move(step) {
  const entries = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".entry")]);
  const focused = entries.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const from = focused < 0 ? entries.findIndex((entry) => entry.ariaCurrent === "true") : focused;
  const next = from < 0 ? 0 : from + step;
  entries[Math.max(0, Math.min(next, entries.length - 1))]?.focus();
}
