// What can be done with the open conversation. A new action is one line of ACTIONS.

import { useShortcuts } from "../../island/context.js";
import { html, useState } from "../../island/html.js";
import { Icon } from "../../island/icons.js";
import { Button, Failure, Menu } from "../../island/parts.js";
import { t } from "../../island/words.js";
import { useWorkspace } from "../store.js";
import { useTelling } from "../undoing.js";

/** @import { IconName } from "../../island/icons.js" */
/** @import { Opened, RightsOut } from "../../wire.js" */
/** @import { Acts } from "../acts.js" */
/** @import { Result } from "../outbox.js" */

/**
 * `words`: what its button says. `isAllowed`: by the reader's rights. `dialog`: the name of the dialog it opens; else `run` does it.
 * `place`: "first" is the one primary action, "beside" stands beside it, "more" is in the menu.
 * `key`: its shortcut; `hasOwnKey`: another part of the page has one for it. `undo`: what is told once it was done, and what takes it back.
 * @typedef {{
 *   name: string, words: string, icon: IconName, place: "first" | "beside" | "more", key?: string, hasOwnKey?: boolean,
 *   isAllowed: (rights: RightsOut, opened: Opened) => boolean,
 *   dialog?: string, run?: Run, undo?: { told: string, run: Run },
 * }} Action
 */

/** @typedef {(acts: Acts, id: string) => Promise<Result>} Run */

/** @param {string} words @param {string} path @returns {Run} */
const doing = (words, path) => (acts, id) => acts.do(id, words, path);
/** @param {string} words @param {string} path @returns {Run} */
const owning = (words, path) => (acts, id) => acts.own(id, words, path);
/** @param {boolean} held @returns {Run} */
const holding = (held) => (acts, id) =>
  acts.do(id, held ? t("Hold auto-close") : t("Resume auto-close"), "auto-close", { held }, "PUT");

/** @type {Action[]} */
export const ACTIONS = [
  {
    name: "pick",
    words: t("Take"),
    icon: "take",
    place: "first",
    isAllowed: (rights) => rights.may_pick,
    run: owning(t("Take"), "pick"),
  },
  {
    name: "join",
    words: t("Join"),
    icon: "join",
    place: "beside",
    isAllowed: (rights) => rights.may_join,
    run: doing(t("Join"), "join"),
  },
  {
    name: "leave",
    words: t("Leave"),
    icon: "leave",
    place: "beside",
    isAllowed: (rights) => rights.may_leave,
    run: doing(t("Leave"), "leave"),
  },
  {
    name: "take-over",
    words: t("Take over"),
    icon: "take",
    place: "beside",
    isAllowed: (rights) => rights.may_take_over,
    dialog: "take-over",
  },
  {
    name: "resume",
    words: t("Resume"),
    icon: "return",
    place: "first",
    isAllowed: (rights) => rights.may_resume,
    dialog: "resume",
  },
  {
    name: "transfer",
    words: t("Transfer"),
    icon: "transfer",
    place: "beside",
    key: "t",
    isAllowed: (rights) => rights.may_handle,
    dialog: "transfer",
  },
  {
    name: "close",
    words: t("Close"),
    icon: "close",
    place: "first",
    key: "e",
    isAllowed: (rights) => rights.may_handle,
    dialog: "close",
  },
  {
    name: "end-snooze",
    words: t("End the snooze"),
    icon: "return",
    place: "beside",
    key: "z",
    isAllowed: (rights, { row }) => rights.may_snooze && row.snoozed_at !== null,
    run: doing(t("End the snooze"), "end-snooze"),
  },
  {
    name: "labels",
    words: t("Labels"),
    icon: "label",
    place: "more",
    key: "l",
    isAllowed: () => true,
    dialog: "labels",
  },
  {
    name: "priority",
    words: t("Priority"),
    icon: "warn",
    place: "more",
    key: "p",
    isAllowed: (rights) => rights.may_handle,
    dialog: "priority",
  },
  {
    name: "reason",
    words: t("Closing reason"),
    icon: "close",
    place: "more",
    isAllowed: (rights) => rights.may_set_closing_reason,
    dialog: "reason",
  },
  {
    name: "snooze",
    words: t("Snooze"),
    icon: "later",
    place: "more",
    key: "z",
    isAllowed: (rights, { row }) => rights.may_snooze && row.snoozed_at === null,
    dialog: "snooze",
  },
  {
    name: "date",
    words: t("Go to a date"),
    icon: "later",
    place: "more",
    isAllowed: () => true,
    dialog: "date",
    hasOwnKey: true,
  },
  {
    name: "unread",
    words: t("Mark as unread"),
    icon: "look",
    place: "more",
    isAllowed: () => true,
    run: (acts, id) => acts.markUnread(id),
    hasOwnKey: true,
  },
  {
    name: "return",
    words: t("Return to queue"),
    icon: "return",
    place: "more",
    isAllowed: (rights) => rights.may_return,
    dialog: "return",
  },
  {
    name: "hold",
    words: t("Hold auto-close"),
    icon: "pause",
    place: "more",
    isAllowed: (rights, { row }) => rights.may_handle && !row.is_auto_close_held,
    run: holding(true),
    undo: { told: t("Auto-close is on hold."), run: holding(false) },
  },
  {
    name: "resume-auto-close",
    words: t("Resume auto-close"),
    icon: "clock",
    place: "more",
    isAllowed: (rights, { row }) => rights.may_handle && row.is_auto_close_held,
    run: holding(false),
    undo: { told: t("Auto-close counts again."), run: holding(true) },
  },
  {
    name: "response",
    words: t("Response time"),
    icon: "clock",
    place: "more",
    isAllowed: (rights) => rights.may_handle,
    dialog: "response",
  },
  {
    name: "opt-out",
    words: t("Opt out"),
    icon: "silent",
    place: "more",
    isAllowed: (rights) => rights.may_opt_out,
    dialog: "opt-out",
  },
  {
    name: "block",
    words: t("Block"),
    icon: "cross",
    place: "more",
    isAllowed: (rights, { consumer }) => rights.may_block && !consumer.blocked_at,
    dialog: "block",
  },
  {
    name: "unblock",
    words: t("Unblock"),
    icon: "return",
    place: "more",
    isAllowed: (rights, { consumer }) => rights.may_block && Boolean(consumer.blocked_at),
    dialog: "unblock",
  },
];

/** @param {{ opened: Opened }} props */
export function Actions({ opened }) {
  const { store, acts } = useWorkspace();
  const [refused, refuse] = useState(/** @type {string | null} */ (null));
  const [busy, setBusy] = useState("");
  const id = opened.conversation_id;
  const telling = useTelling();
  const run = async (/** @type {Action} */ action) => {
    if (action.dialog) {
      store.openDialog(action.dialog, id);
      return;
    }
    setBusy(action.name);
    const result = await action.run?.(acts, id);
    setBusy("");
    const { undo } = action;
    if (result && undo) telling(result, undo.told, () => undo.run(acts, id));
    refuse(result?.state === "refused" ? result.sentence : null);
  };
  useActionKeys(run);
  const allowed = ACTIONS.filter((action) => action.isAllowed(opened.rights, opened));
  const primary = allowed.find(({ place }) => place === "first");
  const kindOf = (/** @type {Action} */ one) => (one === primary ? "primary" : "");
  const shown = (/** @type {Action["place"]} */ place) =>
    allowed
      .filter((action) => action.place === place)
      .map(
        (one) =>
          html`<${Button} kind=${kindOf(one)} icon=${one.icon} words=${one.words} title=${titleOf(one)} isBusy=${busy === one.name} onClick=${() => run(one)} />`,
      );
  return html`<${AsideButton} />
    <div class="tools">
      ${shown("beside")} ${shown("first")}
      ${allowed.some(({ place }) => place === "more") && html`<${Menu} kind="more-actions" label=${t("More")} summary=${html`<${Icon} name="dots" />`}>${shown("more")}<//>`}
    </div>
    <${Failure} words=${refused} />`;
}

/** @param {Action} action */
const titleOf = ({ words, key }) => (key ? t("{action} ({key})", { action: words, key }) : words);

/** Shows what surrounds the conversation where there is no room for it beside it. */
function AsideButton() {
  const show = () => document.querySelector(".context")?.classList.toggle("shown");
  return html`<button type="button" class="icon-button details" aria-label=${t("About the consumer")} onClick=${show}><${Icon} name="details" /></button>`;
}

/** @param {(action: Action) => void} run */
function useActionKeys(run) {
  const { store } = useWorkspace();
  const isAllowed = (/** @type {Action} */ action) => {
    const opened = store.current.peek();
    return opened !== undefined && action.isAllowed(opened.rights, opened);
  };
  useShortcuts(() =>
    ACTIONS.filter(({ hasOwnKey }) => !hasOwnKey).map((action) => ({
      keys: action.key ?? "",
      words: action.words,
      group: t("Conversation"),
      isAllowed: () => isAllowed(action),
      run: () => {
        if (!isAllowed(action)) return false;
        run(action);
        return true;
      },
    })),
  );
}
