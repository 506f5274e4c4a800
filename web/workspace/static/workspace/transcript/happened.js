// An event between the texts, as a sentence.

import { html, memo } from "../../island/html.js";
import { Time } from "../../island/parts.js";
import { Score } from "../marks.js";
import { addressOf } from "../route.js";

/** @import { Entry } from "../../wire.js" */

/** @type {import("preact").ComponentType<{ entry: Entry }>} */
export const Happened = memo(({ entry }) => {
  const { sentence, leads_to: other, leaves_at: leavesAt, rating } = entry;
  const words = other
    ? html`<a href=${addressOf({ view: "all", conversation: other })}>${sentence}</a>`
    : sentence;
  return html`<li id="event-${entry.id}" class="happened ${entry.is_survey ? "survey" : ""}"
    data-position=${entry.id} data-command=${entry.command ?? undefined}>
    ${rating?.stars ? html`<span aria-hidden="true"><${Score} rating=${rating} /></span>` : null}
    <span>${words}${leavesAt && html` <${Time} at=${leavesAt} />`}</span> · <${Time} at=${entry.at} />
  </li>`;
});
