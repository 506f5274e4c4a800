// The consumer asked in their own words for no more texts: an agent decides.

import { html, useState } from "../../island/html.js";
import { Icon } from "../../island/icons.js";
import { Button, Failure } from "../../island/parts.js";
import { t } from "../../island/words.js";
import { useWorkspace } from "../store.js";

/** @import { Opened } from "../../wire.js" */

/** @param {{ opened: Opened }} props */
export function Wish({ opened }) {
  const { store, acts } = useWorkspace();
  const [refused, refuse] = useState(/** @type {string | null} */ (null));
  const { row, rights } = opened;
  if (!row.opt_out_wished_at || !rights.may_opt_out) return null;
  const dismiss = async () => {
    const result = await acts.do(row.id, t("No wish to opt out"), "dismiss-wish");
    refuse(result.state === "refused" ? result.sentence : null);
  };
  const optOut = () => store.openDialog("opt-out", row.id);
  return html`<div class="wish"><${Icon} name="warn" />
    <span>${t("The consumer seems to want no more texts. If so, opt them out.")}</span>
    <${Button} words=${t("Opt out")} onClick=${optOut} />
    ${rights.may_handle && html`<${Button} words=${t("No wish to opt out")} onClick=${dismiss} />`}
    <${Failure} words=${refused} />
  </div>`;
}
