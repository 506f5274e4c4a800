// For how long something has lasted, in words that keep reading right.

const MINUTE = 60_000;

function duration(since) {
  const minutes = Math.floor((Date.now() - new Date(since)) / MINUTE);
  if (minutes < 1) return "for less than a minute";
  if (minutes < 60) return `for ${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `for ${hours} h ${minutes % 60} min` : `for ${Math.floor(hours / 24)} days`;
}

function say(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

export function look() {
  for (const element of document.querySelectorAll("[data-for]")) say(element, duration(element.dataset.for));
}

export function install() {
  setInterval(look, MINUTE / 4);
  look();
}
