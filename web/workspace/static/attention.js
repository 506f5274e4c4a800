// What waits for an answer: counted in the tab's title, and how long it waits.

const MINUTE = 60_000;
const SOON = 5 * MINUTE;

function title() {
  const number = Number(document.querySelector("#unanswered")?.value ?? 0);
  const plain = document.title.replace(/^\(\d+\) /, "");
  const wanted = number ? `(${number}) ${plain}` : plain;
  if (document.title !== wanted) document.title = wanted;
}

function waited(since) {
  const minutes = Math.floor((Date.now() - new Date(since)) / MINUTE);
  if (minutes < 1) return "Waits for an answer";
  if (minutes < 60) return `Waits ${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `Waits ${hours} h` : `Waits ${Math.floor(hours / 24)} days`;
}

function lasted(since) {
  const minutes = Math.floor((Date.now() - new Date(since)) / MINUTE);
  if (minutes < 1) return "for less than a minute";
  if (minutes < 60) return `for ${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `for ${hours} h ${minutes % 60} min` : `for ${Math.floor(hours / 24)} days`;
}

// Time passes without an event: what was on time becomes late while one looks at it.
function judge(place) {
  const left = new Date(place.dataset.due) - Date.now();
  if (left > SOON) return;
  const isOver = left <= 0;
  place.classList.remove("ongoing", "idle");
  place.classList.toggle("overdue", isOver);
  place.classList.toggle("soon_overdue", !isOver);
  place.querySelector("[data-words]").textContent = isOver ? "Overdue" : "Due soon";
}

function say(place, words) {
  if (place.textContent !== words) place.textContent = words;
}

export function look() {
  title();
  document.querySelectorAll("[data-due]").forEach(judge);
  for (const place of document.querySelectorAll("[data-for]")) say(place, lasted(place.dataset.for));
  for (const place of document.querySelectorAll("[data-since]")) {
    say(place, waited(place.dataset.since));
  }
}

export function install() {
  setInterval(look, MINUTE / 4);
  look();
}
