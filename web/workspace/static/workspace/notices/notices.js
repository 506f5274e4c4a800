// Notices of ratings: each stays until it has been read or dismissed.

import { html } from "../../island/html.js";
import { Icon } from "../../island/icons.js";
import { useLeaving } from "../../island/leaving.js";
import { rich, t } from "../../island/words.js";
import { addressOf } from "../route.js";
import { useWorkspace } from "../store.js";

/** @import { NoticeMessage } from "../../wire.js" */

const SHOWN_MS = 20_000;

export function Notices() {
  const { store } = useWorkspace();
  const made = store.notices.value.map(
    (notice) => html`<${Notice} key=${notice.conversation_id} notice=${notice} />`,
  );
  return html`<div id="notices" role="status">${made}</div>`;
}

/** @param {{ notice: NoticeMessage }} props */
function Notice({ notice }) {
  const { store } = useWorkspace();
  const dismiss = () => {
    store.notices.value = store.notices.peek().filter((each) => each !== notice);
  };
  const element = useLeaving(dismiss, SHOWN_MS);
  const { rating, comment, consumer, conversation_id: id } = notice;
  const words = html`<strong dir="auto">${rating.words}</strong>`;
  const address = addressOf({ view: "all", conversation: id });
  const whose = html`<a href=${address}><bdi>${consumer}</bdi></a>`;
  return html`<div class="rated ${rating.is_satisfied ? "good" : "poor"}" id="rated-${id}" ref=${element}>
    <${Icon} name="star" />
    <div>
      <p>${rich(rating.is_late ? t("{rating} (late) by {consumer}") : t("{rating} by {consumer}"), { rating: words, consumer: whose })}</p>
      ${comment && html`<p class="comment" dir="auto">${comment}</p>`}
    </div>
    <button type="button" class="icon-button" aria-label=${t("Dismiss")} onClick=${dismiss}><${Icon} name="cross" /></button>
  </div>`;
}
