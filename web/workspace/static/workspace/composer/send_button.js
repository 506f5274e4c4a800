// The button that sends, and beside it what else it can do.

import { html } from "../../island/html.js";
import { Icon } from "../../island/icons.js";
import { Button, Menu } from "../../island/parts.js";
import { t } from "../../island/words.js";

/** @import { Surface } from "../../wire.js" */

/**
 * @param {{ surface: Surface, isLater: boolean, mayClose: boolean, onClose: () => void, onLater: () => void }} props
 */
export function SendButton({ surface, isLater, mayClose, onClose, onLater }) {
  if (surface === "note")
    return html`<${Button} type="submit" kind="primary" icon="note" words=${t("Add note")} />`;
  const words = isLater ? t("Schedule") : t("Send");
  return html`<div class="split">
    <${Button} type="submit" kind="primary" icon="send" words=${words} />
    ${
      !isLater &&
      html`<${Menu} kind="upwards primary-menu" summary=${html`<${Icon} name="more" />`} label=${t("More ways to send")}>
      ${mayClose && html`<button type="button" onClick=${onClose}>${t("Send and close")} <kbd>Ctrl Shift Enter</kbd></button>`}
      <button type="button" onClick=${onLater}>${t("Send later")}</button>
    <//>`
    }
  </div>`;
}
