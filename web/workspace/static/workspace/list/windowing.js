// Draws of a long list what is in sight. What is not has the height it had when it was, or that of
// the others: the bar beside the list is true enough to be dragged anywhere.

import { useLayoutEffect, useRef, useState } from "../../island/html.js";

/** @import { Row } from "../../wire.js" */

const USUAL_PX = 64;
const AROUND = 8;

/** @typedef {{ key: string, height: number } | { row: Row, index: number }} Run */

/**
 * What to draw of a list: rows, and room for those between them. `last`: the last row in sight.
 * The row that has the focus and the one that is open are drawn wherever they are.
 * @param {{ current: HTMLElement | null }} list @param {Row[]} rows @param {string | null} open
 * @param {string} shape what else changes the list
 * @returns {{ runs: Run[], last: number }}
 */
export function useWindow(list, rows, open, shape) {
  const heights = useRef(/** @type {Map<string, number>} */ (new Map()));
  const [sight, look] = useState({ top: 0, height: 1000, focused: "" });
  const usual = average(heights.current);
  const tops = topsOf(rows, heights.current, usual);
  const first = Math.max(0, indexAt(tops, sight.top) - AROUND);
  const last = Math.min(rows.length - 1, indexAt(tops, sight.top + sight.height) + AROUND);
  useLayoutEffect(() => {
    if (measure(list.current, heights.current, usual)) look({ ...sight });
  });
  useLayoutEffect(() => watch(list.current, look), [shape]);
  const drawn = new Set(Array.from({ length: last - first + 1 }, (_, index) => first + index));
  for (const [index, { id }] of rows.entries())
    if (id === open || id === sight.focused) drawn.add(index);
  return {
    runs: runsOf(
      rows,
      [...drawn].sort((one, other) => one - other),
      tops,
    ),
    last,
  };
}

/** @param {Map<string, number>} heights */
function average(heights) {
  if (!heights.size) return USUAL_PX;
  let sum = 0;
  for (const height of heights.values()) sum += height;
  return sum / heights.size;
}

/** Where each row begins, and the end of the last. @param {Row[]} rows @param {Map<string, number>} heights @param {number} usual */
function topsOf(rows, heights, usual) {
  const tops = [0];
  for (const { id } of rows) tops.push((tops.at(-1) ?? 0) + (heights.get(id) ?? usual));
  return tops;
}

/** The row at a height. @param {number[]} tops @param {number} at */
function indexAt(tops, at) {
  let [low, high] = [0, tops.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((tops[middle] ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** @param {Row[]} rows @param {number[]} drawn @param {number[]} tops @returns {Run[]} */
function runsOf(rows, drawn, tops) {
  /** @type {Run[]} */
  const runs = [];
  let at = 0;
  for (const index of [...drawn, rows.length]) {
    const height = (tops[index] ?? 0) - (tops[at] ?? 0);
    if (height > 0) runs.push({ key: `to-${rows[index]?.id ?? "end"}`, height });
    const row = rows[index];
    if (row) runs.push({ row, index });
    at = index + 1;
  }
  return runs;
}

/** Note the heights of what is drawn; says whether one differs from what was thought.
 * @param {HTMLElement | null} list @param {Map<string, number>} heights @param {number} usual
 */
function measure(list, heights, usual) {
  let isOther = false;
  for (const entry of list?.querySelectorAll("[data-conversation-entry]") ?? []) {
    const id = entry.getAttribute("data-conversation-entry") ?? "";
    const { height } = entry.getBoundingClientRect();
    if (Math.abs((heights.get(id) ?? usual) - height) > 1) isOther = true;
    heights.set(id, height);
  }
  return isOther;
}

/** @param {HTMLElement | null} list @param {(sight: { top: number, height: number, focused: string }) => void} look */
function watch(list, look) {
  if (!list) return undefined;
  const see = () => {
    const focused = document.activeElement?.closest("[data-conversation-entry]");
    const id = list.contains(focused ?? null)
      ? focused?.getAttribute("data-conversation-entry")
      : "";
    look({ top: list.scrollTop, height: list.clientHeight, focused: id ?? "" });
  };
  const observer = new ResizeObserver(see);
  observer.observe(list);
  list.addEventListener("scroll", see, { passive: true });
  list.addEventListener("focusin", see);
  return () => {
    observer.disconnect();
    list.removeEventListener("scroll", see);
    list.removeEventListener("focusin", see);
  };
}
