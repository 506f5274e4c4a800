// Where the reader is in a transcript: at its end, at what is new, or wherever they scrolled.

import { useEffect, useLayoutEffect, useRef, useState } from "../../island/html.js";
import { useWorkspace } from "../store.js";
import { countNew, lastPosition } from "./newness.js";

/** @import { Entry } from "../../wire.js" */

const NEAR_PX = 80;

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
  const before = useRef({ isAtEnd: true, height: 0, first: entries[0]?.id });
  const note = (first = before.current.first) => {
    const element = log.current;
    if (!element) return;
    const isNow = isNearEnd(element) && !isPart;
    before.current = { isAtEnd: isNow, height: element.scrollHeight, first };
    tell(isNow);
  };
  const place = () => {
    const element = log.current;
    if (!element) return;
    const { height, first } = before.current;
    const grewAbove = first !== undefined && entries[0] !== undefined && entries[0].id < first;
    if (before.current.isAtEnd && !isPart) element.scrollTop = element.scrollHeight;
    else if (grewAbove) element.scrollTop += element.scrollHeight - height;
    note(entries[0]?.id);
  };
  const last = entries.at(-1);
  useLayoutEffect(place, [entries.length, last, entries[0]?.id, outbox.items.value, isPart]);
  return { log, isAtEnd, note, wasAtEnd: () => before.current.isAtEnd };
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
  useEffect(look, [entries.length, entries.at(-1), reading.ready.value]);
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
  line.focus({ preventScroll: true });
  return true;
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
