// Where the reader is in a transcript: at its end, at what is new, or wherever they scrolled.

import { useEffect, useLayoutEffect, useRef, useState } from "../../island/html.js";
import { isWriting } from "../../island/keys.js";
import { useWorkspace } from "../store.js";
import { countNew, lastPosition } from "./newness.js";

/** @import { Entry } from "../../wire.js" */

const NEAR_PX = 80;
/** Screens from an end at which the transcript is read on. */
const AHEAD = 2;

/** @typedef {{ current: HTMLDivElement | null }} Log */

/** @param {Element | null} log */
export function toEnd(log) {
  log?.scrollTo({ top: log.scrollHeight });
}

/**
 * Keep the place. `isPart`: the end of the transcript is not there.
 * @param {Entry[]} entries @param {boolean} isPart
 */
export function useScrolling(entries, isPart) {
  const { outbox } = useWorkspace();
  const log = useRef(/** @type {HTMLDivElement | null} */ (null));
  const [isAtEnd, tell] = useState(true);
  const wasAtEnd = useRef(true);
  const anchor = anchorOf(log.current); // as it is before anything is drawn anew
  const note = () => {
    const element = log.current;
    if (!element) return;
    wasAtEnd.current = isNearEnd(element) && !isPart;
    tell(wasAtEnd.current);
  };
  const place = () => {
    const element = log.current;
    if (!element) return;
    if (wasAtEnd.current && !isPart) element.scrollTop = element.scrollHeight;
    else if (anchor?.line.isConnected) element.scrollTop += topOf(anchor.line) - anchor.top;
    note();
  };
  const last = entries.at(-1);
  useLayoutEffect(place, [entries.length, last, entries[0]?.id, outbox.items.value, isPart]);
  return { log, isAtEnd, note, wasAtEnd: () => wasAtEnd.current };
}

/** @param {Element} line */
const topOf = (line) => line.getBoundingClientRect().top;

/** The first line in sight, and where it is: it stays there. @param {HTMLElement | null} log */
function anchorOf(log) {
  const lines = log?.querySelector(".messages")?.children;
  if (!log || !lines?.length) return null;
  const edge = topOf(log);
  let [low, high] = [0, lines.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (/** @type {Element} */ (lines[middle]).getBoundingClientRect().bottom > edge) high = middle;
    else low = middle + 1;
  }
  // A day or the line of what is new may leave: a text stays.
  const rest = Array.from(lines).slice(low);
  const line = rest.find((one) => one.hasAttribute("data-position")) ?? lines[low];
  return line ? { line, top: topOf(line) } : null;
}

/** Read on before an end comes into sight. @param {Scrolling} scrolling @param {import("../store.js").Transcript | undefined} transcript @param {string} id */
export function useEdges({ log }, transcript, id) {
  const { loading } = useWorkspace();
  const look = () => {
    const element = log.current;
    if (!element || !transcript) return;
    const ahead = element.clientHeight * AHEAD;
    const below = element.scrollHeight - element.scrollTop - element.clientHeight;
    if (transcript.earlier && element.scrollTop < ahead) loading.before(id);
    else if (transcript.later && below < ahead) loading.after(id);
  };
  const latest = useRef(look);
  latest.current = look;
  useEffect(look, [transcript]);
  useEffect(() => {
    const element = log.current;
    const see = () => latest.current();
    element?.addEventListener("scroll", see, { passive: true });
    return () => element?.removeEventListener("scroll", see);
  }, []);
}

/** @typedef {ReturnType<typeof useScrolling>} Scrolling */

/** Show an entry that was asked for, or else where what is new begins.
 * @param {Scrolling} scrolling @param {number | undefined} news @param {boolean} isLoaded
 */
export function usePlaces({ log, note, wasAtEnd }, news, isLoaded) {
  const { store } = useWorkspace();
  useLayoutEffect(() => {
    if (show(log.current, store.target.value)) store.target.value = null;
    else if (news && wasAtEnd()) showNews(log.current);
    note();
  }, [store.target.value, news !== undefined, isLoaded]);
}

/** Whoever sees the end has read all of it. @param {Scrolling} scrolling @param {Entry[]} entries */
export function useSeeing({ log, note, wasAtEnd }, entries) {
  const { store, reading } = useWorkspace();
  const look = () => {
    note();
    const [id, last] = [store.selected.peek(), lastPosition(entries)];
    if (!id || !last) return;
    if (wasAtEnd()) reading.sees(id, last);
    if (!wasAtEnd() || document.visibilityState !== "visible") {
      if (countNew(entries.slice(-1), 0, store.me.id)) reading.misses(id);
    }
  };
  const latest = useRef(look);
  latest.current = look;
  const unread = store.rows.value.get(store.selected.value ?? "")?.unread;
  useEffect(look, [entries.length, entries.at(-1), reading.ready.value, unread]);
  useEffect(() => {
    const see = () => latest.current();
    document.addEventListener("visibilitychange", see);
    const stop = watch(log.current, see, wasAtEnd);
    return () => {
      document.removeEventListener("visibilitychange", see);
      stop();
    };
  }, []);
}

/** @param {HTMLElement | null} element @param {() => void} look @param {() => boolean} isAtEnd */
function watch(element, look, isAtEnd) {
  if (!element) return () => {};
  // Pictures and the box beneath change its height while one is at the end.
  const observer = new ResizeObserver(() => isAtEnd() && toEnd(element));
  for (const each of [element, element.firstElementChild]) if (each) observer.observe(each);
  element.addEventListener("scroll", look);
  return () => {
    element.removeEventListener("scroll", look);
    observer.disconnect();
  };
}

/** @param {HTMLElement | null} log @param {{ entry: number } | null} target */
function show(log, target) {
  const line = target && log?.querySelector(`[data-position="${target.entry}"]`);
  if (!(line instanceof HTMLElement)) return false;
  line.scrollIntoView({ block: "start" });
  line.classList.add("found");
  line.tabIndex = -1;
  if (!isBusyElsewhere()) line.focus({ preventScroll: true });
  return true;
}

/** Say whether the reader has gone on to something else meanwhile: what they type stays there. */
function isBusyElsewhere() {
  const active = document.activeElement;
  // The empty box of a conversation has the focus because nothing else was chosen.
  const isUnused = active instanceof HTMLTextAreaElement && !active.value;
  return document.querySelector("dialog[open]") !== null || (isWriting(active) && !isUnused);
}

/** Show where what is new begins, if the end of it all would hide it. @param {HTMLElement | null} log */
function showNews(log) {
  const line = log?.querySelector(".new-line");
  if (!log || !line) return;
  const above = log.getBoundingClientRect().top - line.getBoundingClientRect().top;
  if (above > 0) line.scrollIntoView({ block: "start" });
}

/** @param {Element} log */
const isNearEnd = (log) => log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_PX;
