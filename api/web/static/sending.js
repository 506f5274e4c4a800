// Forms that write: each text has a key, so that sending it again after a lost answer sends
// nothing twice; what was sent is cleared, what was refused stays.

import * as box from "./box.js";
import { countEverywhere } from "./counter.js";
import * as drafts from "./drafts.js";
import * as later from "./later.js";
import * as onItsWay from "./on_its_way.js";

const keys = new WeakMap();
// By form: what stood in it when it was sent, and of which conversation.
const sent = new WeakMap();
// By form, while its request has no answer: whether it was sent by now, and shall be once more.
const underWay = new WeakMap();
const BY_A_PROXY = [502, 503, 504];
const UNREACHED = "There is no connection. Nothing is lost: try again.";

const writes = (element) => element?.closest?.("form[data-writes]");

function begin(event) {
  const { sourceElement, request } = event.detail.ctx;
  const form = writes(sourceElement);
  if (!form) return;
  if (underWay.has(form)) {
    // What was written meanwhile follows by itself, without what is sent already. Who only asks
    // for that again asks for nothing: what they write next is not finished.
    event.preventDefault();
    underWay.get(form).isWanted ||= !box.isAsWas(form, sent.get(form).words);
    return;
  }
  if (!keys.has(form)) keys.set(form, crypto.randomUUID().replaceAll("-", ""));
  request.headers["Idempotency-Key"] = keys.get(form);
  sent.set(form, { words: box.words(form), draft: form.dataset.draft });
  if (onItsWay.holds(request.action)) {
    event.preventDefault();
    handOver(form, request, null);
  } else {
    underWay.set(form, { isSent: false, isWanted: false });
    form.ariaBusy = "true";
  }
}

function over(event) {
  const form = writes(event.detail.ctx.sourceElement);
  const { isSent, isWanted } = underWay.get(form) ?? {};
  underWay.delete(form);
  if (form) form.ariaBusy = null;
  if (isSent && isWanted && form.querySelector("textarea")?.value) form.requestSubmit();
}

/** Let a request that has no answer be asked about, and the form be used for the next. */
function handOver(form, request, why) {
  const [path, key] = [request.action, request.headers["Idempotency-Key"]];
  onItsWay.take(form, { path, key, body: new URLSearchParams(request.body).toString() }, why);
  form.querySelector(".form-error")?.replaceChildren();
  clear(form);
}

function clear(form) {
  const { words, draft } = sent.get(form);
  if (underWay.has(form)) underWay.get(form).isSent = true;
  keys.delete(form);
  // The page may have gone on to another conversation, in the same form.
  if (form.dataset.draft === draft) box.empty(form, words);
  else drafts.forget(draft, words);
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
  } else if (ctx.response.status < 400) clear(form);
}

/** Say whether nobody knows if it was done: our own server names the key to ask with. */
function isInDoubt({ status, raw }) {
  if (!onItsWay.isAtWork()) return false;
  if (raw.headers.has("X-Request-ID")) return status >= 500 && raw.headers.has("Idempotency-Key");
  return BY_A_PROXY.includes(status);
}

function failed(event) {
  const { ctx } = event.detail;
  if (ctx?.response) return;
  const form = writes(ctx?.sourceElement);
  if (form && onItsWay.isAtWork()) handOver(form, ctx.request, onItsWay.unreached);
  else box.say(ctx?.sourceElement?.closest?.("form"), UNREACHED);
}

// What is not a page of ours (a fault, a proxy's own error) is not shown as one.
function foreign(event) {
  const { ctx } = event.detail;
  const type = ctx.response?.raw?.headers.get("Content-Type") ?? "text/html";
  if (type.includes("html") || type.includes("event-stream")) return;
  event.preventDefault();
  box.say(ctx.sourceElement?.closest?.("form"), "Something failed here. Try again.");
}

export function install() {
  document.addEventListener("htmx:config:request", begin);
  document.addEventListener("htmx:after:request", end);
  document.addEventListener("htmx:before:swap", foreign);
  document.addEventListener("htmx:error", failed);
  document.addEventListener("htmx:finally:request", over);
  // Other words are another request.
  document.addEventListener("input", (event) => keys.delete(writes(event.target)));
}
