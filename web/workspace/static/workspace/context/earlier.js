// The consumer's other conversations, of all their numbers: as many as there are, each to be read
// beside the open one.

import { request } from "../../island/api.js";
import { inALine } from "../../island/hidden.js";
import { html, useEffect, useRef, useState } from "../../island/html.js";
import { Button, Failure, Time } from "../../island/parts.js";
import { t } from "../../island/words.js";
import { Status } from "../marks.js";
import { Card } from "./card.js";
import { Beside } from "./beside.js";

/** @import { EarlierPage, Opened, Past } from "../../wire.js" */

/** @param {{ opened: Opened }} props */
export function Earlier({ opened }) {
  const { rows, next, load, told } = useMore(opened);
  return html`<${Card} name="earlier" title=${t("Other conversations")}>
    ${
      rows.length
        ? html`<ul class="earlier-list">${rows.map((past) => html`<li key=${past.id}><${Line} past=${past} /></li>`)}</ul>`
        : html`<p class="quiet">${t("None that you can see.")}</p>`
    }
    <${Failure} words=${told} />
    ${next && html`<${More} key=${next} onSeen=${load} />`}
  <//>`;
}

/** What was there and what was loaded since, each once. @param {Opened} opened */
function useMore(opened) {
  const [more, setMore] = useState(/** @type {EarlierPage | null} */ (null));
  const [told, tell] = useState(/** @type {string | null} */ (null));
  const next = more ? more.next : opened.earlier.next;
  const load = async () => {
    const outcome = await request(`/workspace/${opened.conversation_id}/past?before=${next}`);
    if (outcome.state !== "done")
      return tell(t("There is no connection. Nothing is lost: try again."));
    tell(null);
    const page = /** @type {EarlierPage} */ (outcome.value);
    setMore({ items: [...(more?.items ?? []), ...page.items], next: page.next });
  };
  const known = new Map(
    [...(more?.items ?? []), ...opened.earlier.items].map((past) => [past.id, past]),
  );
  const rows = [...known.values()].sort((one, other) => (one.opened_at < other.opened_at ? 1 : -1));
  return { rows, next, load, told };
}

/** Loads more once it is scrolled into view, or by its button. @param {{ onSeen: () => void }} props */
function More({ onSeen }) {
  const place = useRef(/** @type {HTMLDivElement | null} */ (null));
  useEffect(() => {
    const seen = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      seen.disconnect();
      onSeen();
    });
    if (place.current) seen.observe(place.current);
    return () => seen.disconnect();
  }, []);
  return html`<div ref=${place}><${Button} kind="quiet-button" words=${t("Show more")} onClick=${onSeen} /></div>`;
}

/** @param {{ past: Past }} props */
function Line({ past }) {
  const [isOpen, setOpen] = useState(false);
  const toggled = (/** @type {any} */ event) => setOpen(event.currentTarget.open);
  const isEnded = past.status === "closed";
  return html`<details class="past" onToggle=${toggled}>
    <summary>
      <span><${Time} at=${past.opened_at} /> ${!isEnded && html`<${Status} row=${past} />`}
        ${past.skill && html`<bdi class="quiet">${past.skill}</bdi>`} ${past.number && html`<bdi class="quiet">${past.number}</bdi>`}
        ${past.rating && html`<span class="quiet" dir="auto">${past.rating.words}</span>`}</span>
      ${past.closing_reason && html`<span class="chip" dir="auto">${past.closing_reason}</span>`}
      ${past.labels.map((label) => html`<span key=${label.id} class="label ${label.colour}" dir="auto">${label.name}</span>`)}
      <span class="preview" dir="auto">${inALine(past.last_text)}</span>
    </summary>
    ${isOpen && html`<${Beside} id=${past.id} />`}
  </details>`;
}
