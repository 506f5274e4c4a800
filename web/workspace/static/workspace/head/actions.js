// What can be done with the open conversation. A new action is one line of ACTIONS.

import { useShortcuts } from "../../island/context.js";
import { html, useState } from "../../island/html.js";
import { Icon } from "../../island/icons.js";
import { Button, Failure, Menu } from "../../island/parts.js";
import { t } from "../../island/words.js";
import { useWorkspace } from "../store.js";

/** @import { IconName } from "../../island/icons.js" */
/** @import { Opened, RightsOut } from "../../wire.js" */
/** @import { Acts } from "../acts.js" */
/** @import { Result } from "../outbox.js" */

/**
 * `isAllowed`: by the reader's rights. `dialog`: the name of the dialog it opens; else `run` does it.
 * `place`: "first" is the one primary action, "beside" stands beside it, "more" is in the menu.
 * `key`: its shortcut.
 * @typedef {{
 *   name: string, words: string, icon: IconName, place: "first" | "beside" | "more", key?: string,
 *   isAllowed: (rights: RightsOut, opened: Opened) => boolean,
 *   dialog?: string, run?: (acts: Acts, id: string) => Promise<Result>,
 * }} Action
 */

/** @param {string} words @param {string} path @returns {(acts: Acts, id: string) => Promise<Result>} */
const doing = (words, path) => (acts, id) => acts.do(id, words, path);
/** @param {string} words @param {string} path @returns {(acts: Acts, id: string) => Promise<Result>} */
const owning = (words, path) => (acts, id) => acts.own(id, words, path);

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
    name: "return",
    words: t("Return to queue"),
    icon: "return",
    place: "more",
    isAllowed: (rights) => rights.may_return,
    dialog: "return",
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
  const run = async (/** @type {Action} */ action) => {
    if (action.dialog) {
      store.openDialog(action.dialog, id);
      return;
    }
    setBusy(action.name);
    const result = await action.run?.(acts, id);
    setBusy("");
    refuse(result?.state === "refused" ? result.sentence : null);
  };
  useActionKeys(run);
  const allowed = ACTIONS.filter((action) => action.isAllowed(opened.rights, opened));
  const shown = (/** @type {Action["place"]} */ place, kind = "") =>
    allowed
      .filter((action) => action.place === place)
      .map(
        (one) =>
          html`<${Button} kind=${kind} icon=${one.icon} words=${one.words} title=${one.words} isBusy=${busy === one.name} onClick=${() => run(one)} />`,
      );
  return html`<${AsideButton} />
    <div class="tools">
      ${shown("beside")} ${shown("first", "primary")}
      ${allowed.some(({ place }) => place === "more") && html`<${Menu} kind="more-actions" label=${t("More")} summary=${html`<${Icon} name="dots" />`}>${shown("more")}<//>`}
    </div>
    <${Failure} words=${refused} />`;
}

/** Shows what surrounds the conversation where there is no room for it beside it. */
function AsideButton() {
  const show = () => document.querySelector(".context")?.classList.toggle("shown");
  return html`<button type="button" class="icon-button details" aria-label=${t("About the consumer")} onClick=${show}><${Icon} name="details" /></button>`;
}

/** @param {(action: Action) => void} run */
function useActionKeys(run) {
  const { store } = useWorkspace();
  useShortcuts(() =>
    ACTIONS.filter((action) => action.key).map((action) => ({
      keys: action.key ?? "",
      words: action.words,
      group: t("Conversation"),
      run: () => {
        const opened = store.current.peek();
        if (!opened || !action.isAllowed(opened.rights, opened)) return false;
        run(action);
        return true;
      },
    })),
  );
}
