// Conversations that wait for a reply: their number in the tab's title, and how long they wait.

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
  if (minutes < 1) return "Waiting for a reply";
  if (minutes < 60) return `Waiting ${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `Waiting ${hours} h` : `Waiting ${Math.floor(hours / 24)} days`;
}

function duration(since) {
  const minutes = Math.floor((Date.now() - new Date(since)) / MINUTE);
  if (minutes < 1) return "for less than a minute";
  if (minutes < 60) return `for ${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `for ${hours} h ${minutes % 60} min` : `for ${Math.floor(hours / 24)} days`;
}

// A conversation becomes overdue without an event, while the page is open.
function markDue(element) {
  const left = new Date(element.dataset.due) - Date.now();
  if (left > SOON) return;
  const isOver = left <= 0;
  element.classList.remove("ongoing", "idle");
  element.classList.toggle("overdue", isOver);
  element.classList.toggle("soon_overdue", !isOver);
  element.querySelector("[data-words]").textContent = isOver ? "Overdue" : "Due soon";
}

function say(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

export function look() {
  title();
  document.querySelectorAll("[data-due]").forEach(markDue);
  for (const element of document.querySelectorAll("[data-for]")) say(element, duration(element.dataset.for));
  for (const element of document.querySelectorAll("[data-since]")) {
    say(element, waited(element.dataset.since));
  }
}

export function install() {
  setInterval(look, MINUTE / 4);
  look();
}
