// Requests without an answer yet: shown as on their way, and repeated until there is an answer.
//
// A repeated request has the same key, so the server does it once. In each conversation one request
// is repeated at a time, in the order in which they were written. They are kept in this tab and
// survive a reload.

import { isOurs } from "./answers.js";
import * as box from "./box.js";

const KEPT = "on-its-way";
const PAUSES = [1000, 2000, 4000, 8000, 15_000];
const PATIENCE = 60_000;
const NO_ANSWER = [401, 429];
const DONE = { reply: "sent", note: "added" };

let items = [];
// By conversation: whether a request is being repeated, and how to end the pause between attempts.
const asking = new Set();
const pauses = new Map();

const shown = () => document.querySelector("#conversation")?.dataset.conversation;
const conversationOf = (path) => path.match(/^\/workspace\/([0-9a-f-]{36})\//)?.[1] ?? "";
const isOpen = (item) => item.refused === null;

const isMine = (item) => item.agent === agent();
const agent = () => document.querySelector("#workspace")?.dataset.agent;

export const holds = (path) =>
  items.some((item) => isOpen(item) && item.conversation === conversationOf(path));

/** Take over a form's request. `why`: the reason for the missing answer, null if not sent yet. */
export function take(form, { path, key, body }, why) {
  const sent = new URLSearchParams(body);
  const conversation = conversationOf(path);
  items.push({
    key,
    path,
    body,
    conversation,
    agent: agent(),
    whom: whom(form, sent),
    what: form.dataset.writes || (sent.get("kind") === "note" ? "note" : "reply"),
    isText: !form.dataset.writes,
    text: sent.get("text") || sent.get("note") || "",
    pictures: sent.getAll("picture"),
    isLater: sent.has("later"),
    state: why,
    refused: null,
    tries: why ? 1 : 0,
  });
  changed();
  ask(conversation);
}

export const unreached = "unreached";
export const inDoubt = "in doubt";

function whom(form, sent) {
  if (sent.has("number")) return sent.get("number");
  const near = form.closest("[data-offer], .list li")?.querySelector("h2, strong");
  return (near ?? document.querySelector("#conversation h1"))?.textContent ?? "";
}

function changed() {
  sessionStorage.setItem(KEPT, JSON.stringify(items));
  look();
}

const remove = (gone) => {
  items = items.filter((item) => item !== gone);
};

async function ask(conversation) {
  if (asking.has(conversation)) return;
  asking.add(conversation);
  const next = () => items.find((item) => isOpen(item) && item.conversation === conversation);
  try {
    for (let item = next(); item; item = next()) {
      if (item.tries) await pause(item);
      if (items.includes(item)) await settle(item);
    }
  } finally {
    asking.delete(conversation);
  }
}

function pause({ conversation, tries }) {
  const length = PAUSES[Math.min(tries, PAUSES.length) - 1];
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, length);
    pauses.set(conversation, () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

async function settle(item) {
  const answer = await send(item);
  item.tries += 1;
  // The live stream may have brought its message in the meantime.
  if (!items.includes(item)) return;
  // A doubt remains until there is an answer.
  if (answer.html === null) item.state = item.state === inDoubt ? inDoubt : answer.state;
  else if (answer.isDone) await done(item, answer);
  else item.refused = sentence(answer.html);
  changed();
}

/** Send it again. `html` is null without a usable answer. */
async function send({ path, key, body }) {
  const headers = { "HX-Request": "true", "X-Switchboard": "1", "Idempotency-Key": key };
  headers["HX-Current-URL"] = location.href;
  const [method, signal] = ["POST", AbortSignal.timeout(PATIENCE)];
  try {
    const response = await fetch(path, { method, headers, signal, body: new URLSearchParams(body) });
    const isNone = response.status >= 500 || NO_ANSWER.includes(response.status);
    if (isNone || !isOurs(response)) {
      return { html: null, state: isUndone(response) ? unreached : inDoubt };
    }
    const leadsTo = response.headers.get("HX-Redirect");
    return { html: await response.text(), isDone: response.ok, leadsTo };
  } catch {
    return { html: null, state: unreached };
  }
}

/** Say whether our own server says that it was not done: without the key in its answer. */
const isUndone = (response) => isOurs(response) && !response.headers.has("Idempotency-Key");

async function done(item, { html, leadsTo }) {
  const isShown = item.conversation === (shown() ?? "");
  if (leadsTo && isShown) location.assign(leadsTo);
  else if (!leadsTo && isShown) {
    await show(html);
  }
  remove(item);
}

/** Show what has changed. If that fails, the live stream shows it later. */
async function show(html) {
  const page = document.body;
  await htmx.swap({ text: html, sourceElement: page, target: page, swap: "none" }).catch(console.error);
}

const sentence = (html) =>
  new DOMParser().parseFromString(html, "text/html").body.textContent.trim();

/** Show what is on its way on the page as it is now. */
export function look() {
  for (const entry of document.querySelectorAll("[data-command]")) {
    const { command } = entry.dataset;
    const arrived = items.find((item) => item.key === command);
    if (arrived) remove(arrived);
  }
  for (const item of items) {
    const isHere = item.isText && !isOpen(item) && item.conversation === shown();
    if (isHere && box.giveBack(item)) remove(item);
  }
  sessionStorage.setItem(KEPT, JSON.stringify(items));
  const here = items.filter((item) => item.conversation === shown());
  fill(document.querySelector("[data-on-its-way]"), here);
  fill(document.querySelector("[data-elsewhere]"), items.filter((item) => !here.includes(item)));
}

function fill(list, rows) {
  if (!list) return;
  const isBehind = (item) =>
    rows.find((row) => isOpen(row) && row.conversation === item.conversation) !== item;
  const made = rows.map((item) => row(item, isOpen(item) && isBehind(item)));
  // Unchanged rows stay: a screen reader has read them, and they may have the focus.
  const same = made.map((each) => [...list.children].find((child) => child.isEqualNode(each)) ?? each);
  list.replaceChildren(...same);
}

function row(item, isBehind) {
  const isHere = item.conversation === shown();
  const template = item.isText && isHere ? "text-on-its-way" : "act-on-its-way";
  const made = document.getElementById(template).content.firstElementChild.cloneNode(true);
  const put = (name, words) => (made.querySelector(`[data-${name}]`).textContent = words);
  made.dataset.key = item.key;
  made.classList.add(item.what === "note" ? "note" : "agent");
  put("byline", byline(item, isHere));
  put("words", item.text || (item.pictures?.length ? "Picture" : ""));
  put("state", state(item, isBehind));
  put("why", isOpen(item) ? why(item, isBehind) : item.refused);
  made.classList.toggle("refused", !isOpen(item));
  made.querySelector("[data-refused]").hidden = isOpen(item);
  made.querySelector("[data-edit]").hidden = !item.isText || !box.of(item);
  return made;
}

// A right-to-left name must not reorder the text around it.
const isolated = (name) => (/[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/.test(name) ? `\u2068${name}\u2069` : name);

function byline({ what, isText, isLater, ...item }, isHere) {
  const whom = isolated(item.whom);
  if (!isText) return isHere ? what : `${what}: ${whom}`;
  if (what === "note") return isHere ? "Your private note" : `Your private note on ${whom}`;
  const words = isLater ? "Your scheduled text" : "Your text";
  return isHere ? words : `${words} to ${whom}`;
}

function state(item, isBehind) {
  if (!isOpen(item)) return `Not ${participle(item)}`;
  return isBehind ? "Waiting" : "On its way";
}

const participle = ({ what }) => DONE[what] ?? "done";

function why(item, isBehind) {
  const is = participle(item);
  if (isBehind) return `It will be ${is} after the one before it.`;
  if (item.state === null) return `It is being ${is}.`;
  if (item.state === unreached) return `There is no connection. It will be ${is} once, as soon as there is one.`;
  const again = item.isText ? "write it again" : "do it again";
  return `No answer came in time, so it may already have been ${is}. It is ${is} only once: you need not ${again}.`;
}

function clicked(event) {
  const button = event.target.closest("[data-edit], [data-discard]");
  const key = button?.closest("[data-key]")?.dataset.key;
  const item = items.find((each) => each.key === key);
  if (!item) return;
  if ("edit" in button.dataset && !box.giveBack(item, { isAsked: true })) return;
  remove(item);
  changed();
}

/** Repeat at once: there is a connection again. */
function hurry() {
  for (const end of pauses.values()) end();
}

export function install() {
  // A person who logs in after another sends nothing in the other's name.
  items = JSON.parse(sessionStorage.getItem(KEPT) ?? "[]").filter(isMine);
  // Answers to the previous page were lost with it.
  for (const item of items) ask(item.conversation);
  document.addEventListener("click", clicked);
  document.addEventListener("htmx:sse:after:connection", hurry);
}
