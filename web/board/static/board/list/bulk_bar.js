// What can be done to those that are chosen.

import { html } from "../../island/html.js";
import { Button } from "../../island/parts.js";
import { n, t } from "../../island/words.js";
import { useBoard } from "../store.js";

/** @import { IconName } from "../../island/icons.js" */

/** @typedef {"transfer" | "label" | "priority" | "close" | "opt_out"} ActionName */

/** @type {{ name: ActionName, words: string, icon: IconName }[]} */
const ACTIONS = [
  { name: "transfer", words: t("Transfer"), icon: "transfer" },
  { name: "label", words: t("Label"), icon: "label" },
  { name: "priority", words: t("Priority"), icon: "warn" },
  { name: "close", words: t("Close"), icon: "close" },
  { name: "opt_out", words: t("Opt out"), icon: "silent" },
];

export function BulkBar() {
  const { store, listing } = useBoard();
  const count = listing.count.value;
  if (!count) return null;
  const ask = (/** @type {ActionName} */ name) => () => {
    store.dialog.value = { name };
  };
  const isTooMany = (listing.all.value?.count ?? 0) > (listing.all.value?.most ?? count);
  return html`<div class="bulk-bar" role="group" aria-label=${t("Actions for the selected conversations")}>
    <p><strong role="status">${n("{n} selected", "{n} selected", count)}</strong>
      <${Button} kind="quiet-button" words=${t("Select none")} onClick=${() => listing.choose(false)} /></p>
    ${ACTIONS.map(({ name, words, icon }) => html`<${Button} key=${name} words=${words} icon=${icon} isDisabled=${isTooMany} onClick=${ask(name)} />`)}
  </div>`;
}
