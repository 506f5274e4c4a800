// What waits for an answer: counted in the tab's title, and how long it waits.

const MINUTE = 60_000;

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

export function look() {
  title();
  for (const place of document.querySelectorAll("[data-since]")) {
    const words = waited(place.dataset.since);
    if (place.textContent !== words) place.textContent = words;
  }
}

export function install() {
  setInterval(look, MINUTE / 4);
  look();
}
