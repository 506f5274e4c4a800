// The transcript of the open conversation: the part of it that is around the reader. It is read on
// at both ends before they come into sight, and stays at its end while one looks there.

import { useShortcuts } from "../../island/context.js";
import { html, memo, useEffect } from "../../island/html.js";
import { Button, Skeleton } from "../../island/parts.js";
import { t } from "../../island/words.js";
import { OnItsWay } from "../on_its_way.js";
import { useWorkspace } from "../store.js";
import { Day } from "./day.js";
import { placed } from "./grouping.js";
import { Happened } from "./happened.js";
import { keysOf } from "./keys.js";
import { Message } from "./message.js";
import { countNew, firstNew, NewLine, ToEnd } from "./newness.js";
import { PlaceProvider, useNewPlace } from "./place.js";
import { toEnd, useEdges, usePlaces, useScrolling, useSeeing } from "./scrolling.js";
import { useCopying } from "./tools.js";
import { Viewer } from "./viewer.js";

/** @import { Entry } from "../../wire.js" */

export function Transcript() {
  const { store, loading, reading } = useWorkspace();
  const id = store.selected.value ?? "";
  const transcript = store.transcripts.value.get(id);
  const entries = transcript ? [...transcript.entries.values()].map(({ entry }) => entry) : [];
  const line = reading.line.value;
  const first = line?.id === id ? firstNew(entries, line.after, store.me.id) : undefined;
  const scrolling = useScrolling(entries, transcript?.later ?? false);
  const place = useNewPlace();
  const { log, isAtEnd } = scrolling;
  usePlaces(scrolling, first?.id, entries.length > 0);
  useSeeing(scrolling, entries);
  useEdges(scrolling, transcript, id);
  usePointing(log, place);
  const copying = useCopying();
  useShortcuts(() => keysOf({ log, store, loading, copying }));
  const end = () => (transcript?.later ? loading.latest(id) : toEnd(log.current));
  return html`<${PlaceProvider} value=${place}><div class="log-place"><div class="log" role="log" aria-label=${t("Transcript")} tabindex="0" ref=${log}>
    <div>
      ${transcript?.earlier && html`<p class="edge"><${Button} words=${t("Show earlier")} onClick=${() => loading.before(id)} /></p>`}
      ${transcript ? html`<ol class="messages" id="messages-${id}">${linesOf(entries, first)}</ol>` : html`<${Skeleton} lines=${6} />`}
      ${transcript?.later && html`<p class="edge"><${Button} words=${t("Show later")} onClick=${() => loading.after(id)} /></p>`}
      <${Pending} id=${id} />
    </div>
  </div>
  ${!isAtEnd && entries.length > 0 && html`<${ToEnd} count=${first ? countNew(entries, line?.after ?? 0, store.me.id) : 0} onClick=${end} />`}
  <${Viewer} entries=${entries} />
  </div><//>`;
}

/** @param {Entry[]} entries @param {Entry | undefined} first the first new one */
function linesOf(entries, first) {
  const again = new Set(entries.map((entry) => entry.sends_again));
  return placed(entries).flatMap(({ entry, follows, leads, begins }) => [
    begins && html`<${Day} key=${`day-${entry.id}`} at=${entry.at} />`,
    entry === first && html`<${NewLine} key="new" />`,
    html`<${Line} key=${entry.id} entry=${entry} follows=${follows} leads=${leads} isSentAgain=${again.has(entry.message?.id ?? "")} />`,
  ]);
}

/** @type {import("preact").ComponentType<{ entry: Entry, follows: boolean, leads: boolean, isSentAgain: boolean }>} */
const Line = memo(({ entry, ...more }) =>
  entry.message
    ? html`<${Message} entry=${entry} message=${entry.message} ...${more} />`
    : html`<${Happened} entry=${entry} />`,
);

/** Note which text the pointer or the focus is at. @param {{ current: HTMLElement | null }} log @param {import("./place.js").Place} place */
function usePointing(log, place) {
  useEffect(() => {
    const element = log.current;
    const point = (/** @type {Event} */ { target }) => {
      const text = target instanceof Element ? target.closest(".message[data-position]") : null;
      if (text) place.active.value = text.getAttribute("data-position");
    };
    for (const kind of ["pointerover", "focusin"]) element?.addEventListener(kind, point);
    return () => {
      for (const kind of ["pointerover", "focusin"]) element?.removeEventListener(kind, point);
    };
  }, []);
}

/** What is on its way here. @param {{ id: string }} props */
function Pending({ id }) {
  const { outbox } = useWorkspace();
  const items = outbox.items.value.filter(
    (item) =>
      item.conversation === id &&
      !item.isThere &&
      (item.isText || item.tries > 0 || item.state === "refused"),
  );
  const made = items.map(
    (item) => html`<${OnItsWay} key=${item.key} item=${item} isHere=${true} />`,
  );
  return html`<ol class="messages on-its-way">${made}</ol>`;
}
