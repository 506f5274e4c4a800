// What surrounds the open conversation, in cards. A new card is one line of CARDS.

import { html } from "../../island/html.js";
import { t } from "../../island/words.js";
import { useWorkspace } from "../store.js";
import { Consumer } from "./consumer/consumer.js";
import { Earlier } from "./earlier.js";
import { Facts } from "./facts.js";
import { Panels } from "./panels.js";
import { Upcoming } from "./upcoming.js";

/** @import { Opened } from "../../wire.js" */

/** The consumer first. @type {import("preact").ComponentType<{ opened: Opened }>[]} */
const CARDS = [Consumer, Panels, Upcoming, Facts, Earlier];

export function Context() {
  const { store } = useWorkspace();
  const opened = store.current.value;
  return html`<aside class="context" id="context-${store.selected.value}" aria-label=${t("Consumer and context")}>
    ${opened && CARDS.map((Card) => html`<${Card} key=${`${Card.name}-${opened.conversation_id}`} opened=${opened} />`)}
  </aside>`;
}
