// The thread of one phone with one line: shown live, each text once, and written to.

const thread = document.querySelector("#thread");
const texts = document.querySelector("#texts");
const log = thread.querySelector(".log");
const { phone, line, last } = thread.dataset;
const address = `/phones/${encodeURIComponent(phone)}`;
const AUTHORS = { consumer: "You", brand: "Brand", carrier: "Carrier" };

function element(name, text, className = "") {
  const made = document.createElement(name);
  made.textContent = text;
  made.className = className;
  return made;
}

/** What somebody wrote, in the direction in which it is read. */
function words(text) {
  const made = element("p", text);
  made.dir = "auto";
  return made;
}

function picture(url, index) {
  const link = element("a", `Picture ${index + 1}`);
  link.href = /^https?:/.test(url) ? url : "#";
  link.rel = "noreferrer";
  return link;
}

function time(at) {
  const shown = element("time", `${at.slice(11, 16)} UTC`);
  shown.dateTime = at;
  return shown;
}

function show(text) {
  const id = `text-${text.id}`;
  if (text.line !== line || document.getElementById(id)) return;
  const bubble = element("li", "", `text ${text.author}`);
  bubble.id = id;
  bubble.append(
    element("span", AUTHORS[text.author], "who"),
    words(text.text),
    ...text.media.map(picture),
    time(text.at),
  );
  texts.append(bubble);
  toEnd();
}

function toEnd() {
  log.scrollTop = log.scrollHeight;
}

function follow() {
  const live = document.querySelector("#live");
  const say = (state, words) => {
    live.dataset.state = state;
    live.querySelector("[data-words]").textContent = words;
  };
  const source = new EventSource(`${address}/stream?after=${last}`);
  source.addEventListener("open", () => say("on", "Live"));
  source.addEventListener("error", () => say("off", "Reconnecting"));
  source.addEventListener("text", (event) => show(JSON.parse(event.data)));
}

async function send(body) {
  const answer = await fetch(`${address}/texts`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ to: line, body }),
  });
  if (!answer.ok) return "The carrier did not take this text.";
  const sent = await answer.json();
  if (sent.was_accepted) return "";
  return `The brand did not take this text: it answered ${sent.status ?? "nothing"}.`;
}

function composer() {
  const form = document.querySelector("#send");
  const body = form.querySelector("#body");
  const status = document.querySelector("#sent");
  body.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = body.value.trim();
    if (!text) return;
    body.value = "";
    body.focus();
    try {
      status.textContent = await send(text);
    } catch {
      status.textContent = "The carrier cannot be reached. Your text is below.";
      body.value = text;
    }
  });
}

document.querySelector("#line").addEventListener("change", (event) => {
  event.target.form.requestSubmit();
});
composer();
follow();
toEnd();
