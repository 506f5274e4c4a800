// Times in the reader's zone, counted by the server's clock: the browser's may be wrong by hours.

import { signal } from "./html.js";
import { language, n, t } from "./words.js";

const [SECOND, MINUTE, HOUR, DAY] = [1000, 60_000, 3_600_000, 86_400_000];

/** @param {Intl.DateTimeFormatOptions} options @param {string} [locale] */
const format = (options, locale = language === "en" ? "en-GB" : language) =>
  new Intl.DateTimeFormat(locale, options);
// The hour in the browser's own format; everything else in the page's language.
const hour = format({ hour: "2-digit", minute: "2-digit" }, navigator.language);
// British months are long in September.
const [month, dayAndMonth] = [
  format({ month: "short" }, "en-US"),
  format({ day: "numeric", month: "short" }),
];
const weekday = format({ weekday: "long" });
const [wholeDay, wholeDate] = [
  format({ weekday: "long", day: "numeric", month: "long" }),
  format({ weekday: "long", day: "numeric", month: "long", year: "numeric" }),
];
const full = format({ dateStyle: "full", timeStyle: "medium" }, navigator.language);

/** The browser's time zone, in readable form. */
export const zone = format({}).resolvedOptions().timeZone.replaceAll("_", " ");

/** The server's clock. `second` and `quarter` are signals of its time, in milliseconds. */
export class Clock {
  #ahead = Date.now() - performance.now();
  second = signal(Date.now());
  /** As `second`, but it moves four times a minute. */
  quarter = signal(Date.now());

  /** Set by what the server said its time was a moment ago. @param {string} now */
  set(now) {
    this.#ahead = Date.parse(now) - performance.now();
    this.#tick();
  }

  now() {
    return performance.now() + this.#ahead;
  }

  /** Count, for as long as the page is there. */
  run() {
    setInterval(() => this.#tick(), SECOND);
  }

  #tick() {
    const now = this.now();
    this.second.value = Math.floor(now / SECOND) * SECOND;
    if (Math.abs(now - this.quarter.peek()) >= MINUTE / 4) this.quarter.value = now;
  }
}

/** @param {Date} at */
const midnight = (at) => new Date(at.getFullYear(), at.getMonth(), at.getDate());
// Rounded, because a day on which the clocks change has 23 or 25 hours.
/** @param {Date} at @param {Date} now */
const daysUntil = (at, now) => Math.round((+midnight(at) - +midnight(now)) / DAY);

/** @param {Date} at @param {Date} now */
function date(at, now) {
  const day = language === "en" ? `${at.getDate()} ${month.format(at)}` : dayAndMonth.format(at);
  return at.getFullYear() === now.getFullYear() ? day : `${day} ${at.getFullYear()}`;
}

/**
 * A time: the hour for today, with the date for another day.
 * @param {string | number | Date} moment
 * @param {number | Date} now
 */
export function clock(moment, now) {
  const [at, today] = [new Date(moment), new Date(now)];
  if (daysUntil(at, today) === 0) return hour.format(at);
  if (at.getFullYear() !== today.getFullYear()) return date(at, today);
  return `${date(at, today)}, ${hour.format(at)}`;
}

/** A day, as it stands between texts. @param {string} moment @param {number | Date} now */
export function day(moment, now) {
  const [at, today] = [new Date(moment), new Date(now)];
  const days = daysUntil(at, today);
  if (days === 0) return t("Today");
  if (days === -1) return t("Yesterday");
  return (at.getFullYear() === today.getFullYear() ? wholeDay : wholeDate).format(at);
}

/** Say whether two moments are on one day in the reader's zone. @param {string} one @param {string} other */
export const isOneDay = (one, other) => daysUntil(new Date(one), new Date(other)) === 0;

/** A time to the second, with its date. @param {string | Date} moment */
export const exactly = (moment) => full.format(new Date(moment));

/**
 * When something will happen: a countdown when it is near, a date and time later on.
 * @param {string | Date} moment
 * @param {number | Date} now
 */
export function until(moment, now) {
  const [at, today] = [new Date(moment), new Date(now)];
  const left = +at - +today;
  if (left <= 0) return t("now");
  if (left < MINUTE) return t("in {n} s", { n: Math.ceil(left / SECOND) });
  const minutes = Math.ceil(left / MINUTE);
  if (minutes < 60) return t("in {n} min", { n: minutes });
  if (left < 6 * HOUR) {
    return t("in {hours} h {minutes} min", {
      hours: Math.floor(minutes / 60),
      minutes: minutes % 60,
    });
  }
  return onDay(at, today);
}

/** @param {Date} at @param {Date} today */
function onDay(at, today) {
  const [days, time] = [daysUntil(at, today), hour.format(at)];
  if (days === 0) return t("today at {time}", { time });
  if (days === 1) return t("tomorrow at {time}", { time });
  return t("on {day} at {time}", { day: days < 7 ? weekday.format(at) : date(at, today), time });
}

/** For how long somebody has waited for a reply. @param {string} since @param {number} now */
export function waited(since, now) {
  const minutes = Math.floor((now - Date.parse(since)) / MINUTE);
  if (minutes < 1) return t("Waiting for a reply");
  if (minutes < 60) return t("Waiting {n} min", { n: minutes });
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return t("Waiting {n} h", { n: hours });
  return t("Waiting {n} days", { n: Math.floor(hours / 24) });
}

/** For how long something has lasted. @param {string} since @param {number} now */
export function lasted(since, now) {
  const minutes = Math.floor((now - Date.parse(since)) / MINUTE);
  if (minutes < 1) return t("for less than a minute");
  if (minutes < 60) return t("for {n} min", { n: minutes });
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return t("for {hours} h {minutes} min", { hours, minutes: minutes % 60 });
  return n("for {n} day", "for {n} days", Math.floor(hours / 24));
}

/** A length of time, rounded as people say it. @param {number} seconds */
export function length(seconds) {
  const minutes = Math.round(seconds / 60);
  if (seconds < 60) return t("{n} s", { n: Math.round(seconds) });
  if (minutes < 60) return t("{n} min", { n: minutes });
  return t("{hours} h {minutes} min", { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
}
