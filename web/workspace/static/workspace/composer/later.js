// Sending later: the fields, and their time as an instant.

import { html, useId, useState } from "../../island/html.js";
import { zone } from "../../island/times.js";
import { t } from "../../island/words.js";

const HOUR = 3_600_000;

/** @param {number} number */
const two = (number) => String(number).padStart(2, "0");

/** A time as the value of a datetime field: local, without a zone. @param {Date} at */
function written(at) {
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** @param {Date} now @param {number} days */
const morning = (now, days) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, 9);

const CHOICES = [
  { words: t("In 1 hour"), at: (/** @type {Date} */ now) => new Date(now.getTime() + HOUR) },
  { words: t("Tomorrow 09:00"), at: (/** @type {Date} */ now) => morning(now, 1) },
  // The first day of next week; on a Sunday that is tomorrow.
  {
    words: t("Monday 09:00"),
    at: (/** @type {Date} */ now) => morning(now, (8 - now.getDay()) % 7 || 7),
    isOnSunday: false,
  },
];

/** @typedef {ReturnType<typeof useLater>} LaterState */

/** The state of the fields. */
export function useLater() {
  const [isOpen, open] = useState(false);
  const [local, setLocal] = useState("");
  const [unlessAnswered, setUnlessAnswered] = useState(false);
  const [refused, refuse] = useState(/** @type {string | null} */ (null));
  const close = () => {
    open(false);
    setLocal("");
    setUnlessAnswered(false);
    refuse(null);
  };
  /** What to send, null if something is missing. @param {boolean} hasPictures */
  const check = (hasPictures) => {
    const at = local ? new Date(local) : null;
    const isTime = at !== null && !Number.isNaN(+at);
    if (hasPictures) refuse(t("Pictures are sent at once. Remove them, or send this now."));
    else if (!isTime) refuse(t("Choose a date and a time."));
    else return { at: at.toISOString(), unlessAnswered };
    return null;
  };
  /** Return what opens the fields again as they are now. */
  const again = () => () => {
    open(true);
    setLocal(local);
    setUnlessAnswered(unlessAnswered);
  };
  const toggle = () => (isOpen ? close() : open(true));
  return {
    isOpen,
    toggle,
    close,
    local,
    setLocal,
    unlessAnswered,
    setUnlessAnswered,
    refused,
    check,
    again,
  };
}

/** @param {{ later: LaterState }} props */
export function LaterFields({ later }) {
  const id = useId();
  const now = new Date();
  const choices = CHOICES.filter(({ isOnSunday = true }) => isOnSunday || now.getDay() !== 0);
  return html`<fieldset class="later"><legend>${t("Send later")}</legend>
    <div class="row">
      <div class="field">
        <label for=${id}>${t("Date and time")} <span class="quiet">(<span data-zone>${zone}</span>)</span></label>
        <input type="datetime-local" id=${id} value=${later.local} min=${written(now)} autofocus
          onInput=${(/** @type {any} */ event) => later.setLocal(event.currentTarget.value)} />
      </div>
      <div class="choices" role="group" aria-label=${t("Quick choices")}>
        ${choices.map(({ words, at }) => html`<button type="button" onClick=${() => later.setLocal(written(at(new Date())))}>${words}</button>`)}
      </div>
    </div>
    <label class="check"><input type="checkbox" checked=${later.unlessAnswered}
      onChange=${(/** @type {any} */ event) => later.setUnlessAnswered(event.currentTarget.checked)} />
      ${t("Only if the consumer does not reply first")}</label>
  </fieldset>`;
}
