// The transcript of the open conversation: it grows at both ends, and stays at its end while one
// looks there.

import { useShortcuts } from "../../island/context.js";
import { html } from "../../island/html.js";
import { Button, Skeleton } from "../../island/parts.js";
import { t } from "../../island/words.js";
import { OnItsWay } from "../on_its_way.js";
import { useWorkspace } from "../store.js";
import { placed } from "./grouping.js";
import { Happened } from "./happened.js";
import { Message } from "./message.js";
import { countNew, firstNew, NewLine, ToEnd } from "./newness.js";
import { toEnd, usePlaces, useScrolling, useSeeing } from "./scrolling.js";

/** @import { Placed } from "./grouping.js" */

export function Transcript() {
  const { store, loading, reading } = useWorkspace();
  const id = store.selected.value ?? "";
  const transcript = store.transcripts.value.get(id);
  const entries = transcript ? [...transcript.entries.values()].map(({ entry }) => entry) : [];
  const line = reading.line.value;
  const first = line?.id === id ? firstNew(entries, line.after, store.me.id) : undefined;
  const scrolling = useScrolling(entries, transcript?.later ?? false);
  const { log, isAtEnd } = scrolling;
  usePlaces(scrolling, first?.id, entries.length > 0);
  useSeeing(scrolling, entries);
  useShortcuts(() => keysOf(log, store, loading));
  const made = placed(entries).flatMap((each) => [
    each.entry === first && html`<${NewLine} key="new" />`,
    html`<${Line} key=${each.entry.id} ...${each} />`,
  ]);
  const end = () => (transcript?.later ? loading.latest(id) : toEnd(log.current));
  return html`<div class="log-place"><div class="log" role="log" aria-label=${t("Transcript")} tabindex="0" ref=${log}>
    <div>
      ${transcript?.earlier && html`<p class="edge"><${Button} words=${t("Show earlier")} onClick=${() => loading.before(id)} /></p>`}
      ${transcript ? html`<ol class="messages" id="messages-${id}">${made}</ol>` : html`<${Skeleton} lines=${6} />`}
      ${transcript?.later && html`<p class="edge"><${Button} words=${t("Show later")} onClick=${() => loading.after(id)} /></p>`}
      <${Pending} id=${id} />
    </div>
  </div>
  ${!isAtEnd && entries.length > 0 && html`<${ToEnd} count=${first ? countNew(entries, line?.after ?? 0, store.me.id) : 0} onClick=${end} />`}
  </div>`;
}

/**
 * @param {{ current: HTMLElement | null }} log @param {import("../store.js").Store} store
 * @param {import("../loading.js").Loading} loading
 */
function keysOf(log, store, loading) {
  const group = t("Conversation");
  const here = () => store.selected.peek();
  const end = () => {
    const id = here();
    if (id && store.transcripts.peek().get(id)?.later) loading.latest(id);
    toEnd(log.current);
  };
  return [
    { keys: "g e", words: t("To the latest text"), group, run: end },
    {
      keys: "g d",
      words: t("Go to a date"),
      group,
      run: () => store.openDialog("date", here() ?? ""),
    },
  ];
}

/** @param {Placed} props */
function Line({ entry, follows, leads }) {
  return entry.message
    ? html`<${Message} entry=${entry} message=${entry.message} follows=${follows} leads=${leads} />`
    : html`<${Happened} entry=${entry} />`;
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
