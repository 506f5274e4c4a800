// Forms with messages: each request has a key, so that repeating it after a lost answer sends
// nothing twice. Sent text is cleared, refused text stays.

import { isOurs } from "./answers.js";
import * as box from "./box.js";
import { countEverywhere } from "./counter.js";
import * as drafts from "./drafts.js";
import * as later from "./scheduled_texts.js";
import * as onItsWay from "./on_its_way.js";
import * as pictures from "./pictures.js";

const keys = new WeakMap();
// By form: the last request, with its conversation and kind, and the other words in the form.
const sent = new WeakMap();
// By form, while its request has no answer: whether it was sent, and what is to follow.
const underWay = new WeakMap();
// By form: the request that follows now.
const following = new WeakMap();
const BY_A_PROXY = [502, 503, 504];

const writes = (element) => element?.closest?.("form[data-writes]");
const submits = (form) => form.querySelectorAll("button:not([type=button])");

/** Return the request of a form: its words at this moment, and their kind. */
function requestOf(form, body) {
  const text = form.querySelector("textarea")?.value ?? "";
  if (body.get("kind") === "note") body.delete("picture"); // they wait for the next reply
  return { conversation: form.dataset.draft, kind: body.get("kind"), text, body };
}

function begin(event) {
  const { sourceElement, request } = event.detail.ctx;
  const form = writes(sourceElement);
  if (!form) return;
  if (form.dataset.draft && !drafts.isSettled(form)) {
    // The page has just changed under these words: do not send them as something else.
    event.preventDefault();
    drafts.settle(form);
    return;
  }
  if (underWay.has(form)) {
    // The words now in the form follow by themselves, without those already sent. Words written
    // later wait until they are sent.
    event.preventDefault();
    underWay.get(form).wanted = requestOf(form, request.body);
    return;
  }
  const act = following.get(form) ?? requestOf(form, request.body);
  if (following.delete(form)) request.body = act.body;
  if (!keys.has(form)) keys.set(form, crypto.randomUUID().replaceAll("-", ""));
  request.headers["Idempotency-Key"] = keys.get(form);
  sent.set(form, { act, words: box.words(form) });
  if (onItsWay.holds(request.action)) {
    event.preventDefault();
    handOver(form, request, null);
  } else {
    underWay.set(form, { isSent: false, wanted: null });
    busy(form, true);
  }
}

function busy(form, is) {
  form.ariaBusy = is ? "true" : null;
  for (const button of submits(form)) button.disabled = is;
}

function over(event) {
  const form = writes(event.detail.ctx.sourceElement);
  if (!form) return;
  const { isSent, wanted } = underWay.get(form) ?? {};
  underWay.delete(form);
  busy(form, false);
  if (isSent && wanted) follow(form, wanted);
}

/** Send what was requested while another request was under way, with the words of that moment. */
function follow(form, wanted) {
  const { conversation, kind, text, isOver } = sent.get(form).act;
  const isAnother = isOver || wanted.conversation !== conversation || wanted.kind !== kind;
  const left = isAnother ? wanted.text : drafts.without(wanted.text, text);
  const isHere =
    form.dataset.draft === wanted.conversation &&
    (form.querySelector("textarea")?.value || pictures.ids(form).length);
  // Pictures that went with the words before are not sent again.
  const pictured = pictures.ids(form);
  wanted.body.delete("picture");
  for (const id of pictured) wanted.body.append("picture", id);
  if (!(left.trim() || pictured.length) || !isHere) return;
  wanted.body.set("text", left);
  following.set(form, { ...wanted, text: left });
  form.requestSubmit();
  following.delete(form);
}

/** Say whether a form still holds the words that were sent. */
function isWhole(form) {
  const { act } = sent.get(form);
  if (act.conversation && !drafts.shows(form, act)) return true;
  return (form.querySelector("textarea")?.value ?? "").startsWith(act.text);
}

/** Note that sent words were changed: later words with the same beginning are new ones. */
function changed({ target }) {
  const form = writes(target);
  // Other words make another request.
  keys.delete(form);
  if (underWay.has(form) && !isWhole(form)) sent.get(form).act.isOver = true;
}

/** Make forms that were reloaded during a request look busy again. */
export function look() {
  for (const form of document.querySelectorAll("form[data-writes]")) {
    if (underWay.has(form)) busy(form, true);
  }
}

/** Hand an unanswered request over for repeating, and free the form for the next one. */
function handOver(form, request, why) {
  const [path, key] = [request.action, request.headers["Idempotency-Key"]];
  onItsWay.take(form, { path, key, body: new URLSearchParams(request.body).toString() }, why);
  form.querySelector(".form-error")?.replaceChildren();
  clear(form);
}

function clear(form) {
  const { act, words } = sent.get(form);
  if (underWay.has(form)) underWay.get(form).isSent = true;
  keys.delete(form);
  if (act.conversation && !act.isOver) drafts.sent(act);
  // The form may belong to another conversation by now.
  if (form.dataset.draft !== act.conversation) return;
  box.empty(form, words);
  pictures.sent(form, act.body.getAll("picture"));
  later.close(form);
  countEverywhere();
  form.closest("dialog")?.close();
}

function end(event) {
  const { ctx } = event.detail;
  const form = writes(ctx.sourceElement);
  if (!form || !ctx.response) return;
  if (isInDoubt(ctx.response)) {
    event.preventDefault();
    handOver(form, ctx.request, onItsWay.inDoubt);
  } else if (ctx.response.status < 400 && isOurs(ctx.response.raw)) clear(form);
}

/** Say whether nobody knows if it was done: our server then names the key to repeat it with. */
function isInDoubt({ status, raw }) {
  if (isOurs(raw)) return status >= 500 && raw.headers.has("Idempotency-Key");
  return status < 400 || BY_A_PROXY.includes(status);
}

function failed(event) {
  const { ctx } = event.detail;
  if (ctx?.response) return;
  const form = writes(ctx?.sourceElement);
  if (form) handOver(form, ctx.request, onItsWay.unreached);
}

export function install() {
  document.addEventListener("htmx:config:request", begin);
  document.addEventListener("htmx:after:request", end);
  document.addEventListener("htmx:error", failed);
  document.addEventListener("htmx:finally:request", over);
  document.addEventListener("input", changed);
}
