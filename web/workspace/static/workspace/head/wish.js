// The consumer asked in their own words for no more texts: an agent decides.

import { html } from "../../island/html.js";
import { Icon } from "../../island/icons.js";
import { Button, Failure } from "../../island/parts.js";
import { t } from "../../island/words.js";
import { useWorkspace } from "../store.js";
import { useCommand } from "../use_command.js";

/** @import { Opened } from "../../wire.js" */

/** @param {{ opened: Opened }} props */
export function Wish({ opened }) {
  const { store, acts } = useWorkspace();
  const { row, rights } = opened;
  const { run, isBusy, refused } = useCommand(() =>
    acts.do(row.id, t("No wish to opt out"), "dismiss-wish"),
  );
  if (!row.opt_out_wished_at || !rights.may_opt_out) return null;
  const optOut = () => store.openDialog("opt-out", row.id);
  return html`<div class="wish"><${Icon} name="warn" />
    <span>${t("The consumer seems to want no more texts. If so, opt them out.")}</span>
    <${Button} words=${t("Opt out")} onClick=${optOut} />
    ${rights.may_handle && html`<${Button} words=${t("No wish to opt out")} isBusy=${isBusy} onClick=${run} />`}
    <${Failure} words=${refused} />
  </div>`;
}
