// The sheet of all shortcuts, behind `?`.

import { useIsland } from "./context.js";
import { html } from "./html.js";
import { Button, Dialog } from "./parts.js";
import { t } from "./words.js";

/** @import { Shortcut } from "./keys.js" */

/** @param {{ onClose: () => void }} props */
export function KeySheet({ onClose }) {
  const { keys } = useIsland();
  const shown = keys.shortcuts.filter((shortcut) => shortcut.keys);
  const groups = Map.groupBy(shown, (shortcut) => shortcut.group);
  const made = [...groups].map(
    ([name, shortcuts]) => html`<section>
    <h3>${name}</h3>
    <dl>${shortcuts.map((each) => html`<${Line} shortcut=${each} />`)}</dl>
  </section>`,
  );
  return html`<${Dialog} title=${t("Keyboard")} kind="broad key-sheet" onClose=${onClose}>
    <div class="key-groups">${made}</div>
    <div class="row"><${Button} words=${t("Close")} onClick=${onClose} /></div>
  <//>`;
}

/** @param {{ shortcut: Shortcut }} props */
function Line({ shortcut }) {
  const keys = shortcut.keys.split(/[+ ]/).map((key) => html`<kbd>${key}</kbd> `);
  return html`<div><dt>${keys}</dt><dd>${shortcut.words}</dd></div>`;
}
