// The transcript of the open conversation: it grows at both ends, and stays at its end while one
// looks there.

import { useShortcuts } from "../../island/context.js";
import { html, useEffect, useLayoutEffect, useRef } from "../../island/html.js";
import { Button, Skeleton } from "../../island/parts.js";
import { t } from "../../island/words.js";
import { OnItsWay } from "../on_its_way.js";
import { useWorkspace } from "../store.js";
import { placed } from "./grouping.js";
import { Happened } from "./happened.js";
import { Message } from "./message.js";

/** @import { Entry } from "../../wire.js" */
/** @import { Placed } from "./grouping.js" */

const NEAR_PX = 80;

export function Transcript() {
  const { store, loading } = useWorkspace();
  const id = store.selected.value ?? "";
  const transcript = store.transcripts.value.get(id);
  const entries = transcript ? [...transcript.entries.values()].map(({ entry }) => entry) : [];
  const log = useScrolling(entries);
  useShortcuts(() => [
    {
      keys: "g",
      words: t("To the latest text"),
      group: t("Conversation"),
      run: () => toEnd(log.current),
    },
  ]);
  const made = placed(entries).map((each) => html`<${Line} key=${each.entry.id} ...${each} />`);
  return html`<div class="log" role="log" aria-label=${t("Transcript")} tabindex="0" ref=${log}>
    <div>
      ${transcript?.earlier && html`<p class="edge"><${Button} words=${t("Show earlier")} onClick=${() => loading.before(id)} /></p>`}
      ${transcript ? html`<ol class="messages" id="messages-${id}">${made}</ol>` : html`<${Skeleton} lines=${6} />`}
      ${transcript?.later && html`<p class="edge"><${Button} words=${t("Show later")} onClick=${() => loading.after(id)} /></p>`}
      <${Pending} id=${id} />
    </div>
  </div>`;
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
      item.conversation === id && (item.isText || item.tries > 0 || item.state === "refused"),
  );
  const made = items.map(
    (item) => html`<${OnItsWay} key=${item.key} item=${item} isHere=${true} />`,
  );
  return html`<ol class="messages on-its-way">${made}</ol>`;
}

/** @param {Element | null} log */
function toEnd(log) {
  log?.scrollTo({ top: log.scrollHeight });
}

/** Keep the place: at the end if one is there, else where one reads. @param {Entry[]} entries */
function useScrolling(entries) {
  const { outbox } = useWorkspace();
  const log = useRef(/** @type {HTMLDivElement | null} */ (null));
  const before = useRef({
    isAtEnd: true,
    height: 0,
    first: /** @type {number | undefined} */ (undefined),
  });
  useLayoutEffect(() => {
    const element = log.current;
    if (!element) return;
    const { isAtEnd, height, first } = before.current;
    const grewAbove = first !== undefined && entries[0] !== undefined && entries[0].id < first;
    if (isAtEnd) element.scrollTop = element.scrollHeight;
    else if (grewAbove) element.scrollTop += element.scrollHeight - height;
    before.current = {
      isAtEnd: isNearEnd(element),
      height: element.scrollHeight,
      first: entries[0]?.id,
    };
  }, [entries.length, entries.at(-1), entries[0]?.id, outbox.items.value]);
  useEffect(() => {
    const element = log.current;
    if (!element) return undefined;
    const look = () => {
      before.current = {
        ...before.current,
        isAtEnd: isNearEnd(element),
        height: element.scrollHeight,
      };
    };
    // Pictures and the box beneath change its height while one is at the end.
    const observer = new ResizeObserver(() => before.current.isAtEnd && toEnd(element));
    for (const each of [element, element.firstElementChild]) if (each) observer.observe(each);
    element.addEventListener("scroll", look);
    return () => {
      element.removeEventListener("scroll", look);
      observer.disconnect();
    };
  }, []);
  return log;
}

/** @param {Element} log */
const isNearEnd = (log) => log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_PX;
