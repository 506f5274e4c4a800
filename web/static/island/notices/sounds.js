// Sounds of notices. Each kind can be switched off; the button in the head silences all.

/** @import { NoticeKind } from "../../wire.js" */

const SILENT = "sound/off";
const PAUSE_MS = 1500;

/** A conversation that rings has a sound of its own, for as long as it rings.
 * @type {Partial<Record<NoticeKind, string>>}
 */
const SOUNDS = {
  given: "conversation",
  transferred: "conversation",
  text: "text",
  note: "text",
  mention: "mention",
  overdue: "overdue",
  taken_away: "overdue",
  state_set: "mention",
  alert: "overdue",
};

const player = { playedAt: -PAUSE_MS };

/** Say whether the reader wants to hear anything in this browser. */
export const isLoud = () => localStorage.getItem(SILENT) === null;

/** Play the sound of a notice, unless one has just been played. @param {NoticeKind} kind */
export function play(kind) {
  const name = SOUNDS[kind];
  const now = performance.now();
  if (!name || !isLoud() || now - player.playedAt < PAUSE_MS) return;
  player.playedAt = now;
  // Browsers play nothing before the page has been used: then this is refused.
  new Audio(`/static/sounds/${name}.wav`).play().catch(() => {});
}
