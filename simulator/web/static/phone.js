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
  const isHere = /^\/pictures\/[0-9a-f]+\.(jpg|png|gif|webp)$/.test(url);
  const link = element("a", isHere ? "" : `File ${index + 1}`);
  link.href = isHere || /^https?:/.test(url) ? url : "#";
  link.rel = "noreferrer";
  if (!isHere) return link;
  link.target = "_blank";
  const image = document.createElement("img");
  image.src = url;
  image.alt = `Picture ${index + 1}`;
  image.addEventListener("load", toEnd);
  link.append(image);
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
    ...(text.text || !text.media.length ? [words(text.text)] : []),
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

/** Put a picture where the carrier keeps it; returns its address. */
async function keep(file) {
  const type = file.type || "application/octet-stream";
  const options = { method: "POST", headers: { "Content-Type": type }, body: file };
  const answer = await fetch(`${address}/pictures`, options);
  return answer.ok ? (await answer.json()).address : null;
}

async function send(body, file) {
  const kept = file ? await keep(file) : null;
  if (file && !kept) return "The carrier did not take this picture.";
  const answer = await fetch(`${address}/texts`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ to: line, body, media: kept ? [kept] : [] }),
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
  const chooser = form.querySelector("#picture");
  const chosen = document.querySelector("#chosen");
  const choose = () => {
    const [file] = chooser.files;
    chosen.hidden = !file;
    chosen.querySelector("[data-words]").textContent = file?.name ?? "";
  };
  chooser.addEventListener("change", choose);
  chosen.querySelector("[data-remove]").addEventListener("click", () => {
    chooser.value = "";
    choose();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = body.value.trim();
    const [file] = chooser.files;
    if (!text && !file) return;
    body.value = chooser.value = "";
    choose();
    body.focus();
    try {
      status.textContent = await send(text, file);
    } catch {
      status.textContent = "The carrier cannot be reached. Your text is below.";
      body.value = text;
    }
  });
}

document.querySelector("#line").addEventListener("change", (event) => {
  event.target.form.requestSubmit();
});
for (const image of texts.querySelectorAll("img")) image.addEventListener("load", toEnd);
composer();
follow();
toEnd();
