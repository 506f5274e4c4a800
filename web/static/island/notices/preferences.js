// How the reader is told: each kind of notice by each way, and what this browser may do.

import { useIsland } from "../context.js";
import { html, useState } from "../html.js";
import { Button, Dialog, Failure } from "../parts.js";
import { t } from "../words.js";
import { ask, isPushed, permission, subscribe, unsubscribe } from "./desktop.js";
import { play } from "./sounds.js";

/** @import { Channel, Choice } from "./told.js" */

/** @type {Record<Channel, string>} */
const CHANNELS = {
  page: t("On the page"),
  sound: t("Sound"),
  desktop: t("Desktop"),
  push: t("Phone and closed page"),
};
const NAMES = /** @type {Channel[]} */ (Object.keys(CHANNELS));
const NOT_POSSIBLE = {
  denied: t(
    "This browser does not allow notifications from here. Allow them in its settings for this page.",
  ),
  failed: t("This browser could not be set up. Try again."),
};

/** @param {{ onClose: () => void }} props */
export function NoticePreferences({ onClose }) {
  const { told } = useIsland();
  const [refused, refuse] = useState(/** @type {string | null} */ (null));
  const kinds = told.preferences.value;
  const failed = () => refuse(t("This was not saved. Try again."));
  return html`<${Dialog} title=${t("How you are told")} kind="wide" onClose=${onClose}>
    <${ThisBrowser} refuse=${refuse} />
    <div class="wide-table" tabindex="0" role="region" aria-label=${t("Notices by kind")}>
      <table class="notice-kinds">
        <thead><tr><th scope="col">${t("Notice")}</th>${NAMES.map((name) => html`<th scope="col">${CHANNELS[name]}</th>`)}</tr></thead>
        <tbody>${kinds.map((each) => html`<${Kind} key=${each.kind} of=${each} failed=${failed} />`)}</tbody>
      </table>
    </div>
    <${Failure} words=${refused} />
    <div class="row"><${Button} kind="primary" words=${t("Done")} onClick=${onClose} /></div>
  <//>`;
}

/** @param {{ of: Choice, failed: () => void }} props */
function Kind({ of, failed }) {
  const { told } = useIsland();
  const change = async (/** @type {Channel} */ name, /** @type {boolean} */ isOn) => {
    if (!(await told.choose(of.kind, name, isOn))) failed();
    if (isOn && name === "sound") play(of.kind);
  };
  return html`<tr>
    <th scope="row">${of.name}</th>
    ${NAMES.map(
      (
        name,
      ) => html`<td><input type="checkbox" aria-label=${t("{kind}: {way}", { kind: of.name, way: CHANNELS[name] })}
        checked=${of[name]} onChange=${(/** @type {any} */ event) => change(name, event.currentTarget.checked)} /></td>`,
    )}
  </tr>`;
}

/** @param {{ refuse: (words: string | null) => void }} props */
function ThisBrowser({ refuse }) {
  const [isBusy, setBusy] = useState(false);
  const pushed = async () => {
    setBusy(true);
    const failure = isPushed.value ? await unsubscribe() : await subscribe();
    setBusy(false);
    refuse(failure ? NOT_POSSIBLE[/** @type {keyof typeof NOT_POSSIBLE} */ (failure)] : null);
  };
  return html`<div class="this-browser">
    ${
      permission.value === "default" &&
      html`<${Button} words=${t("Allow notifications on this desktop")} onClick=${ask} />`
    }
    ${permission.value === "denied" && html`<p class="quiet">${NOT_POSSIBLE.denied}</p>`}
    ${
      isPushed.value !== null &&
      html`<${Button} isBusy=${isBusy} onClick=${pushed}
        words=${isPushed.value ? t("Tell this browser only while a page is open") : t("Tell this browser also while no page is open")} />`
    }
  </div>`;
}
