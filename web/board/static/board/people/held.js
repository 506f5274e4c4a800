// What somebody has: how many conversations, the first of them while one points at it, and all of
// them on a click.

import { request } from "../../island/api.js";
import { inALine } from "../../island/hidden.js";
import { html, memo, useEffect, useRef, useState } from "../../island/html.js";
import { calledBy } from "../../island/parts.js";
import { t } from "../../island/words.js";
import { addressOf } from "../list/wanted.js";
import { useBoard } from "../store.js";

/** @import { ConversationOut } from "../../wire.js" */

const SHOWN = 6;
const SOON_MS = 250;

/** @type {import("preact").ComponentType<{ id: string, name: string, count: number }>} */
export const Held = memo(({ id, name, count }) => {
  const { listing } = useBoard();
  const [place, setPlace] = useState(/** @type {DOMRect | null} */ (null));
  const element = useRef(/** @type {HTMLElement | null} */ (null));
  const timer = useRef(/** @type {number | undefined} */ (undefined));
  const soon = (/** @type {boolean} */ shows) => () => {
    clearTimeout(timer.current);
    const look = () => setPlace(shows ? (element.current?.getBoundingClientRect() ?? null) : null);
    timer.current = setTimeout(look, SOON_MS);
  };
  const pressed = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Escape" || !place) return;
    event.stopPropagation();
    setPlace(null);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  if (!count) return html`<span class="quiet">0</span>`;
  const see = () => {
    clearTimeout(timer.current);
    setPlace(null);
    listing.show({ status: ["waiting", "assigned"], agent: id });
  };
  return html`<span class="held" ref=${element} onMouseEnter=${soon(true)} onMouseLeave=${soon(false)} onKeyDown=${pressed}>
    <button type="button" class="quiet-button" aria-label=${t("See the conversations of {name}: {count}", { name, count })}
      onFocus=${soon(true)} onBlur=${soon(false)} onClick=${see}>${count}</button>
    ${place && html`<${Peek} id=${id} place=${place} />`}
  </span>`;
});

/** `place`: of what it belongs to. @param {{ id: string, place: DOMRect }} props */
function Peek({ id, place }) {
  const [rows, setRows] = useState(/** @type {ConversationOut[]} */ ([]));
  useEffect(() => {
    const path = `/v1/conversations?agent=${id}&status=assigned&sort=longest_waiting&limit=${SHOWN}`;
    request(path).then((outcome) => {
      if (outcome.state === "done") setRows(/** @type {any} */ (outcome.value).items);
    });
  }, [id]);
  if (!rows.length) return null;
  const isLow = place.bottom > innerHeight / 2;
  const height = isLow ? { bottom: `${innerHeight - place.top}px` } : { top: `${place.bottom}px` };
  return html`<ul class="peek" style=${{ right: `${innerWidth - place.right}px`, ...height }}>${rows.map(
    (
      row,
    ) => html`<li key=${row.id}><a href=${addressOf(row.id)} tabindex="-1"><bdi>${calledBy(row.consumer)}</bdi></a>
      <span class="quiet" dir="auto">${inALine(row.last_text)}</span></li>`,
  )}</ul>`;
}
