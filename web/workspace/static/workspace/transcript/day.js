// The day that the texts beneath it are of.

import { useIsland } from "../../island/context.js";
import { html, memo } from "../../island/html.js";
import { day } from "../../island/times.js";

/** @type {import("preact").ComponentType<{ at: string }>} */
export const Day = memo(({ at }) => {
  const { quarter } = useIsland().clock;
  return html`<li class="day"><time datetime=${at}>${day(at, quarter.value)}</time></li>`;
});
