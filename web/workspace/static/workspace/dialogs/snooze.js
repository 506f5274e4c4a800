// Putting a conversation away: for a while, or until its consumer texts.

import { useIsland } from "../../island/context.js";
import { html, useState } from "../../island/html.js";
import { clock, until, zone } from "../../island/times.js";
import { t } from "../../island/words.js";
import { useWorkspace } from "../store.js";
import { useTelling } from "../undoing.js";
import { FormDialog } from "./form.js";

/** @import { DialogProps } from "./open_dialog.js" */
/** @import { Result } from "../outbox.js" */

const [HALF_AN_HOUR, HOURS_LATER, EVENING, MORNING] = [1_800_000, 3, 21, 9];
const OWN_TIME = "own";
const NO_TIME = { state: "refused", code: "", sentence: t("Choose a date and a time.") };

/** @param {Date} now @param {number} days */
const morning = (now, days) =>
  new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, MORNING);

/** In some hours, on a full or half hour; null if that is no longer today's work. @param {Date} now */
function laterToday(now) {
  const at = new Date(
    Math.ceil((+now + HOURS_LATER * 2 * HALF_AN_HOUR) / HALF_AN_HOUR) * HALF_AN_HOUR,
  );
  return at.getDate() === now.getDate() && at.getHours() < EVENING ? at : null;
}

/** When a conversation can come back, the nearest first. @param {Date} now @returns {{ words: string, at: Date }[]} */
export function times(now) {
  const later = laterToday(now);
  // Monday; on a Sunday that is tomorrow.
  const days = (8 - now.getDay()) % 7 || 7;
  return [
    ...(later ? [{ words: t("Later today"), at: later }] : []),
    { words: t("Tomorrow morning"), at: morning(now, 1) },
    ...(days > 1 ? [{ words: t("Next week"), at: morning(now, days) }] : []),
  ];
}

/** @param {number} number */
const two = (number) => String(number).padStart(2, "0");

/** A day as the beginning of a datetime field's value. @param {Date} at */
const day = (at) => `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;

/** @param {DialogProps} props */
export function SnoozeFor({ id, onClose }) {
  const { acts } = useWorkspace();
  const now = useIsland().clock.quarter.value;
  const telling = useTelling();
  const [offered] = useState(() => times(new Date(now)));
  const give = async (/** @type {Record<string, string>} */ { wake = "", own = "" }) => {
    const at = wake === OWN_TIME ? new Date(own) : wake ? new Date(wake) : null;
    if (at && Number.isNaN(+at)) return /** @type {Result} */ (NO_TIME);
    const result = await acts.do(id, t("Snooze"), "snooze", { until: at?.toISOString() ?? null });
    const words = at
      ? t("Snoozed until {time}", { time: clock(at, now) })
      : t("Snoozed until they text");
    return telling(result, words, () => acts.do(id, t("End the snooze"), "end-snooze"));
  };
  return html`<${FormDialog} title=${t("Snooze")} done=${t("Snooze")} onClose=${onClose} give=${give}>
    <p>${t("It leaves your list and comes back then, or as soon as the consumer texts.")}</p>
    <fieldset class="ticks lines"><legend>${t("Bring it back")}</legend>
      ${offered.map(
        ({ words, at }, index) =>
          html`<label class="tick" key=${words}><input type="radio" name="wake" value=${at.toISOString()} defaultChecked=${index === 0} autofocus=${index === 0} />
            ${words} <span class="quiet">${until(at, now)}</span></label>`,
      )}
      <label class="tick"><input type="radio" name="wake" value="" /> ${t("Only when they text")}</label>
      <${OwnTime} now=${new Date(now)} />
    </fieldset>
  <//>`;
}

/** A time of one's own; naming one chooses it. @param {{ now: Date }} props */
function OwnTime({ now }) {
  const choose = (/** @type {any} */ event) => {
    const radio = event.currentTarget.closest(".own-time")?.querySelector("[type=radio]");
    if (radio) radio.checked = true;
  };
  return html`<div class="own-time"><label class="tick"><input type="radio" name="wake" value=${OWN_TIME} /> ${t("At a date and time")}</label>
    <input type="datetime-local" name="own" min="${day(now)}T00:00" aria-label=${t("Date and time ({zone})", { zone })} onInput=${choose} /></div>`;
}
