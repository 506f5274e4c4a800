// Forms that write: each text has a key, so that sending it again after a lost answer sends
// nothing twice; what was sent is cleared, what was refused stays.

import { countEverywhere } from "./counter.js";
import { forget } from "./drafts.js";
import * as later from "./later.js";

const keys = new WeakMap();

const writes = (element) => element?.closest?.("form[data-writes]");

function begin(event) {
  const form = writes(event.detail.ctx.sourceElement);
  if (!form) return;
  if (!keys.has(form)) keys.set(form, crypto.randomUUID());
  event.detail.ctx.request.headers["Idempotency-Key"] = keys.get(form);
}

function end(event) {
  const { ctx } = event.detail;
  const form = writes(ctx.sourceElement);
  if (!form || !ctx.response || ctx.response.status >= 400) return;
  keys.delete(form);
  forget(form);
  later.close(form);
  countEverywhere();
  form.closest("dialog")?.close();
}

function say(form, sentence) {
  const place = form?.querySelector(".form-error");
  if (!place) return;
  const words = document.createElement("p");
  words.textContent = sentence;
  place.replaceChildren(words);
}

function failed(event) {
  const form = event.detail.ctx?.sourceElement?.closest?.("form");
  say(form, "There is no connection. Nothing is lost: try again.");
}

// What is not a page of ours (a fault, a proxy's own error) is not shown as one.
function foreign(event) {
  const { ctx } = event.detail;
  const type = ctx.response?.raw?.headers.get("Content-Type") ?? "text/html";
  if (type.includes("html") || type.includes("event-stream")) return;
  event.preventDefault();
  say(ctx.sourceElement?.closest?.("form"), "Something failed here. Try again.");
}

export function install() {
  document.addEventListener("htmx:config:request", begin);
  document.addEventListener("htmx:after:request", end);
  document.addEventListener("htmx:before:swap", foreign);
  document.addEventListener("htmx:error", failed);
  // Other words are another request.
  document.addEventListener("input", (event) => keys.delete(writes(event.target)));
}
