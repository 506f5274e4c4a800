// The named views: their order, their names, and which of them to keep.

import { request } from "../../island/api.js";
import { html, useState } from "../../island/html.js";
import { Button, Dialog, Failure } from "../../island/parts.js";
import { isolated, t } from "../../island/words.js";
import { useWorkspace } from "../store.js";
import { resultOf } from "./keep_view.js";

/** @import { ViewOut } from "../../wire.js" */
/** @import { DialogProps } from "./open_dialog.js" */

/** @param {DialogProps} props */
export function Views({ onClose }) {
  const { store, loading } = useWorkspace();
  const [refused, refuse] = useState(/** @type {string | null} */ (null));
  const views = store.views.value;
  const ask = async (
    /** @type {string} */ path,
    /** @type {string} */ method,
    /** @type {unknown} */ body,
  ) => {
    const result = resultOf(await request(`/v1/views/${path}`, { method, body }));
    refuse(result.state === "refused" ? result.sentence : null);
    await loading.views();
  };
  const move = (/** @type {number} */ from, /** @type {number} */ step) => {
    const ids = views.map((view) => view.id);
    const [moved] = ids.splice(from, 1);
    ids.splice(from + step, 0, /** @type {string} */ (moved));
    ask("order", "PUT", { ids });
  };
  return html`<${Dialog} title=${t("Views")} kind="broad" onClose=${onClose}>
    <ol class="view-list">${views.map(
      (view, index) => html`<${Line} key=${view.id} view=${view} ask=${ask}
      up=${index > 0 ? () => move(index, -1) : null} down=${index < views.length - 1 ? () => move(index, 1) : null} />`,
    )}</ol>
    <${Failure} words=${refused} />
    <div class="row"><${Button} words=${t("Close")} onClick=${onClose} /></div>
  <//>`;
}

/**
 * @param {{ view: ViewOut, up: (() => void) | null, down: (() => void) | null,
 *   ask: (path: string, method: string, body?: unknown) => Promise<void> }} props
 */
function Line({ view, up, down, ask }) {
  const { supervises } = useWorkspace().store.boot.value;
  const mayChange = !view.is_shared || supervises;
  const name = isolated(view.name);
  const rename = (/** @type {any} */ event) =>
    ask(view.id, "PATCH", { name: event.currentTarget.value });
  return html`<li>
    ${
      mayChange
        ? html`<input value=${view.name} aria-label=${t("Name of the view {name}", { name })} maxlength="80" dir="auto" onChange=${rename} />`
        : html`<bdi>${view.name}</bdi>`
    }
    <span class="quiet">${view.is_shared ? t("shared") : t("yours")}</span>
    <${Button} kind="icon-button" icon="up" label=${t("Move {name} up", { name })} isDisabled=${!up} onClick=${up} />
    <${Button} kind="icon-button" icon="more" label=${t("Move {name} down", { name })} isDisabled=${!down} onClick=${down} />
    <${Button} kind="icon-button" icon="cross" label=${t("Delete the view {name}", { name })} isDisabled=${!mayChange} onClick=${() => ask(view.id, "DELETE")} />
  </li>`;
}
