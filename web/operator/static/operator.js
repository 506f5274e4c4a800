// The status page: says when what it shows is old, because nothing answers any more.

import * as failures from "./failures.js";
import * as keyboard from "./keyboard.js";

const ofStatus = (event) => event.detail.ctx?.sourceElement?.id === "status";

function say(isOld) {
  const sentence = document.getElementById("stale");
  if (sentence) sentence.hidden = !isOld;
}

// What a refusal says would take the place of the status, and nothing would ask again.
function arrived(event) {
  if (!ofStatus(event)) return;
  const isOld = !event.detail.ctx.response?.raw?.ok;
  if (isOld) event.preventDefault();
  say(isOld);
}

function failed(event) {
  if (ofStatus(event)) say(true);
}

document.addEventListener("htmx:before:swap", arrived);
document.addEventListener("htmx:error", failed);
for (const part of [failures, keyboard]) part.install();
