// What a form says when its request failed, or when something else than our server answered.

import { isOurs } from "./answers.js";

const UNREACHED = "There is no connection. Nothing is lost: try again.";

// A form with this mark keeps its request and asks about it: see the workspace's sending.js.
const asksAgain = (element) => element?.closest?.("form[data-writes]");

/** Show a sentence where a form says what is wrong. */
export function say(form, sentence) {
  const element = form?.querySelector(".form-error");
  if (!element) return;
  const paragraph = document.createElement("p");
  paragraph.textContent = sentence;
  element.replaceChildren(paragraph);
}

function failed(event) {
  const { ctx } = event.detail;
  if (ctx?.response || asksAgain(ctx?.sourceElement)) return;
  say(ctx?.sourceElement?.closest?.("form"), UNREACHED);
}

// An answer that is no page of ours (a fault, a proxy's own error) is not shown as a page.
function foreign(event) {
  const { ctx } = event.detail;
  const answer = ctx.response?.raw;
  const type = answer?.headers.get("Content-Type") ?? "text/html";
  if (type.includes("event-stream")) return;
  if (type.includes("html") && (!answer || isOurs(answer))) return;
  event.preventDefault();
  say(ctx.sourceElement?.closest?.("form"), "Something went wrong. Try again.");
}

export function install() {
  document.addEventListener("htmx:before:swap", foreign);
  document.addEventListener("htmx:error", failed);
}
