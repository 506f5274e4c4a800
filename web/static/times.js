// Times in the browser's time zone, and countdowns to deadlines. The server writes times in the
// account's time zone.

const [SECOND, MINUTE, HOUR, DAY] = [1000, 60_000, 3_600_000, 86_400_000];

const format = (options, locale = "en-GB") => new Intl.DateTimeFormat(locale, options);
// The hour in the browser's own format; everything else in the page's language.
const hour = format({ hour: "2-digit", minute: "2-digit" }, navigator.language);
const month = format({ month: "short" }, "en-US");
const weekday = format({ weekday: "long" });

/** The browser's time zone, in readable form. */
export const zone = format().resolvedOptions().timeZone.replaceAll("_", " ");

const midnight = (at) => new Date(at.getFullYear(), at.getMonth(), at.getDate());
// Rounded, because a day on which the clocks change has 23 or 25 hours.
const daysUntil = (at, now) => Math.round((midnight(at) - midnight(now)) / DAY);

function date(at, now) {
  const day = `${at.getDate()} ${month.format(at)}`;
  return at.getFullYear() === now.getFullYear() ? day : `${day} ${at.getFullYear()}`;
}

/** A time: the hour for today, with the date for another day. */
export function clock(at, now = new Date()) {
  if (daysUntil(at, now) === 0) return hour.format(at);
  if (at.getFullYear() !== now.getFullYear()) return date(at, now);
  return `${date(at, now)}, ${hour.format(at)}`;
}

/** When something will happen: a countdown when it is near, a date and time later on. */
export function until(at, now = new Date()) {
  const left = at - now;
  if (left <= 0) return "now";
  if (left < MINUTE) return `in ${Math.ceil(left / SECOND)} s`;
  const minutes = Math.ceil(left / MINUTE);
  if (minutes < 60) return `in ${minutes} min`;
  if (left < 6 * HOUR) return `in ${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  const days = daysUntil(at, now);
  if (days === 0) return `today at ${hour.format(at)}`;
  if (days === 1) return `tomorrow at ${hour.format(at)}`;
  return `on ${days < 7 ? weekday.format(at) : date(at, now)} at ${hour.format(at)}`;
}

function show(element) {
  const at = new Date(element.dateTime);
  const words = "until" in element.dataset ? until(at) : clock(at);
  if (element.textContent !== words) element.textContent = words;
}

export function look() {
  document.querySelectorAll("time[datetime]").forEach(show);
}

function tick() {
  document.querySelectorAll("time[data-until]").forEach(show);
}

export function install() {
  setInterval(tick, SECOND);
  look();
}
