// How long conversations have waited, as bars.

import { h, html, memo } from "../../island/html.js";
import { n, t } from "../../island/words.js";

const HEIGHT = 24;
const [WIDTH, GAP] = [18, 2];
const SHORT = [t("< 1 min"), t("1–5"), t("5–15"), t("15–60"), t("> 1 h")];
/** @type {((n: number) => string)[]} */
const LONG = [
  (count) => n("{n} for less than a minute", "{n} for less than a minute", count),
  (count) => n("{n} for 1 to 5 minutes", "{n} for 1 to 5 minutes", count),
  (count) => n("{n} for 5 to 15 minutes", "{n} for 5 to 15 minutes", count),
  (count) => n("{n} for 15 to 60 minutes", "{n} for 15 to 60 minutes", count),
  (count) => n("{n} for more than an hour", "{n} for more than an hour", count),
];

/** @type {import("preact").ComponentType<{ ages: string }>} */
export const Ages = memo(({ ages }) => {
  const counts = ages.split("/").map(Number);
  const most = Math.max(...counts);
  if (!most) return null;
  const said = counts.flatMap((count, index) => (count ? [LONG[index]?.(count)] : []));
  const size = { viewBox: `0 0 ${counts.length * (WIDTH + GAP)} ${HEIGHT}` };
  const bars = counts.map((count, index) => {
    const height = count ? Math.max((count / most) * HEIGHT, 2) : 1;
    const place = { x: index * (WIDTH + GAP), y: HEIGHT - height, width: WIDTH, height };
    const kind = count ? `age-${index}` : "age-none";
    return h("rect", /** @type {any} */ ({ class: kind, rx: 1, ...place }));
  });
  const label = t("How long they have waited: {ages}", { ages: said.join(", ") });
  return html`<div class="ages" role="img" aria-label=${label} title=${said.join("\n")}>
    <div class="age-counts" aria-hidden="true">${counts.map((count) => html`<span>${count || ""}</span>`)}</div>
    ${h("svg", /** @type {any} */ ({ "aria-hidden": "true", preserveAspectRatio: "none", ...size }), bars)}
    <div class="age-words" aria-hidden="true">${SHORT.map((words) => html`<span>${words}</span>`)}</div>
  </div>`;
});
