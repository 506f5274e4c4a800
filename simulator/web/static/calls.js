// A call from this phone: placed, listened to, answered with keys and words.

const panel = document.querySelector("#call");
const on = panel.querySelector("#call-on");
const heard = panel.querySelector("#call-heard");
const state = panel.querySelector("#call-state");
let address = "";
const STATES = {
  under_way: "The call is under way.",
  listening: "Press a key, or say something.",
  dialling: "It rings at",
  holding: "You wait. Say nothing, and time passes.",
  over: "The call is over.",
};
let call = null;

function show(shown) {
  call = shown;
  on.hidden = false;
  const lines = shown.heard.map((words) => {
    const item = document.createElement("li");
    item.textContent = words;
    item.dir = "auto";
    return item;
  });
  heard.replaceChildren(...lines);
  heard.parentElement.scrollTop = heard.parentElement.scrollHeight;
  const whom = shown.with_whom ? ` ${shown.with_whom}` : "";
  state.textContent = `${STATES[shown.state]}${shown.state === "dialling" ? `${whom}.` : ""}`;
  const isListening = ["listening", "holding"].includes(shown.state);
  for (const button of on.querySelectorAll("[data-key], #call-speech button, #call-silence")) {
    button.disabled = !isListening;
  }
  on.querySelector("#call-taken").disabled = !shown.with_whom || shown.state === "over";
  on.querySelector("#call-untaken").disabled = shown.state !== "dialling";
  on.querySelector("#call-end").disabled = shown.state === "over";
}

async function post(path, body) {
  const options = {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  };
  try {
    const answer = await fetch(address + path, options);
    const said = await answer.json();
    if (answer.ok) show(said);
    else state.textContent = typeof said.detail === "string" ? said.detail : "That is not possible.";
  } catch {
    state.textContent = "The carrier cannot be reached.";
  }
}

function click(selector, act) {
  panel.querySelector(selector).addEventListener("click", act);
}

// A hidden number reaches the called as the word that networks put in its place.
function place(given = {}) {
  const number = panel.querySelector("#call-hidden").checked ? "anonymous" : panel.dataset.phone;
  address = `/phones/${encodeURIComponent(number)}/calls`;
  return post("", { to: panel.dataset.line, ...given });
}

click("#call-place", () => place());
click("#call-miss", () => place({ is_given_up: true }));
click("#call-silence", () => post(`/${call.sid}/acts`, {}));
click("#call-taken", () => post(`/${call.sid}/take`, { is_taken: true }));
click("#call-untaken", () => post(`/${call.sid}/take`, { is_taken: false }));
click("#call-end", () => post(`/${call.sid}/hang-up`, {}));
click(".keypad", ({ target }) => {
  if (target.dataset.key) post(`/${call.sid}/acts`, { digits: target.dataset.key });
});
panel.querySelector("#call-speech").addEventListener("submit", (event) => {
  event.preventDefault();
  const words = panel.querySelector("#call-words");
  const speech = words.value.trim();
  words.value = "";
  if (speech) post(`/${call.sid}/acts`, { speech });
});
