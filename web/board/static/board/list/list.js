// The conversations beside the board, and what can be done to many of them.

import { useShortcuts } from "../../island/context.js";
import { html, useEffect, useRef } from "../../island/html.js";
import { Button, Failure, Skeleton } from "../../island/parts.js";
import { n, t } from "../../island/words.js";
import { JobStrips } from "../jobs/strips.js";
import { useBoard } from "../store.js";
import { BulkBar } from "./bulk_bar.js";
import { Filters } from "./filters.js";
import { Line } from "./line.js";

export function List() {
  const { listing } = useBoard();
  const head = useRef(/** @type {HTMLHeadingElement | null} */ (null));
  const close = () => listing.show(null);
  useEffect(() => head.current?.focus(), [listing.wanted.value]);
  useShortcuts(() => [
    {
      keys: "Escape",
      words: t("Close the list"),
      group: t("Conversations"),
      run: () => (document.querySelector("details[open]") ? false : close()),
    },
    { keys: "j", words: t("Next"), group: t("Conversations"), run: () => step(1) },
    { keys: "k", words: t("Previous"), group: t("Conversations"), run: () => step(-1) },
    { keys: "x", words: t("Select or deselect"), group: t("Conversations"), run: tick },
  ]);
  return html`<aside class="beside" aria-labelledby="list-title">
    <div class="panel-head"><h2 id="list-title" ref=${head} tabindex="-1">${t("Conversations")}</h2>
      <${Button} kind="icon-button" icon="cross" label=${t("Close the list")} onClick=${close} /></div>
    <${Filters} />
    <${JobStrips} />
    <${Failure} words=${listing.refused.value} />
    <${Rows} />
    <${BulkBar} />
  </aside>`;
}

function Rows() {
  const { listing } = useBoard();
  const rows = listing.rows.value;
  if (!rows) return html`<${Skeleton} lines=${5} />`;
  if (!rows.length)
    return html`<p class="quiet empty" role="status">${t("No conversations match.")}</p>`;
  const isAll = listing.all.value !== null;
  const areChosen = isAll || rows.every((row) => listing.chosen.value.has(row.id));
  const toggle = (/** @type {any} */ event) => listing.choose(event.currentTarget.checked);
  return html`<label class="tick choose-all"><input type="checkbox" checked=${areChosen} onChange=${toggle} />
      ${n("Select the {n} shown", "Select all {n} shown", rows.length)}</label>
    ${areChosen && listing.hasMore.value && html`<${AllThatMatch} />`}
    <ul class="lines">${rows.map((row) => html`<${Line} key=${row.id} row=${row} isChosen=${isAll || listing.chosen.value.has(row.id)} />`)}</ul>
    ${listing.hasMore.value && html`<p class="more"><${Button} words=${t("Show more")} onClick=${() => listing.more()} /></p>`}`;
}

function AllThatMatch() {
  const { listing } = useBoard();
  const all = listing.all.value;
  if (!all)
    return html`<p><${Button} kind="quiet-button" words=${t("Select all that match, including those not shown")} onClick=${() => listing.chooseAll()} /></p>`;
  if (all.count > all.most)
    return html`<p class="bad" role="status">${n("More than {n} match. Narrow the filters.", "More than {n} match. Narrow the filters.", all.most)}</p>`;
  return html`<p role="status">${n("The {n} that matches is selected.", "All {n} that match are selected.", all.count)}</p>`;
}

/** @param {number} by */
function step(by) {
  const links = [...document.querySelectorAll(".lines .line > a")];
  const at = links.findIndex((link) => link.parentElement?.contains(document.activeElement));
  const next = links[at < 0 ? 0 : at + by];
  if (next instanceof HTMLElement) next.focus();
}

function tick() {
  const box = document.activeElement?.closest(".line")?.querySelector("input");
  if (!box) return false;
  box.click();
  return true;
}
