// Texts of one writer that belong together: one byline above them, one time beneath. And the days
// that texts are of.

import { isOneDay } from "../../island/times.js";

/** @import { Entry } from "../../wire.js" */

/** Texts further apart than this have a time each. */
const TOGETHER_MS = 300_000;

/**
 * An entry and its place in a group. `follows`: the entry before is of the same writer; `leads`: so
 * is the one after, which says the rest. `begins`: it is the first of its day.
 * @typedef {{ entry: Entry, follows: boolean, leads: boolean, begins: boolean }} Placed
 */

/** Return entries with their places. @param {Entry[]} entries @returns {Placed[]} */
export function placed(entries) {
  return entries.map((entry, index) => {
    const [before, after] = [entries[index - 1], entries[index + 1]];
    const follows = before !== undefined && belong(before, entry);
    const leads = after !== undefined && belong(entry, after) && isPlain(entry, after);
    const begins = before === undefined || !isOneDay(before.at, entry.at);
    return { entry, follows, leads, begins };
  });
}

/** @param {Entry} one @param {Entry} next */
function belong(one, next) {
  if (!one.message || !next.message || one.is_survey || next.is_survey) return false;
  if (!isOneDay(one.at, next.at)) return false;
  const isOfOne = one.by?.kind === next.by?.kind && one.by?.id === next.by?.id;
  const isOften = ["consumer", "agent", "note"].includes(one.by?.kind ?? "");
  return isOfOne && isOften && Date.parse(next.at) - Date.parse(one.at) < TOGETHER_MS;
}

/** Say whether nothing has to be said of a text that the next one does not say. @param {Entry} one @param {Entry} next */
function isPlain({ message, delivery, planned_at: planned }, next) {
  if (!message || planned || delivery !== next.delivery) return false;
  const { failure_sentence: failure, waiting_reason: waits, sent_at: late, media } = message;
  if (next.sends_again) return false;
  const isWhole = !message.is_truncated && message.parts === null && message.late_part_of === null;
  return isWhole && !failure && !waits && !late && !media.length;
}
