// What is on its way in conversations that are not open on the page.

import { html } from "../../island/html.js";
import { t } from "../../island/words.js";
import { OnItsWay } from "../on_its_way.js";
import { useWorkspace } from "../store.js";

export function Elsewhere() {
  const { store, outbox } = useWorkspace();
  const shown = store.selected.value ?? "";
  const items = outbox.items.value.filter(
    (item) => item.conversation !== shown && (isWorthShowing(item) || outbox.isBehind(item)),
  );
  const made = items.map(
    (item) => html`<${OnItsWay} key=${item.key} item=${item} isHere=${false} />`,
  );
  return html`<ul class="elsewhere" aria-label=${t("On its way in other conversations")} tabindex="0">${made}</ul>`;
}

/** @param {import("../outbox.js").Item} item */
const isWorthShowing = ({ state, tries, isThere }) =>
  state === "refused" || (state !== "done" && tries > 0 && !isThere);
