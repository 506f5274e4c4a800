// The agents' page. Everything listens on the document: parts of the page come and go.

import * as attention from "./attention.js";
import * as connection from "./connection.js";
import { countEverywhere, countIn } from "./counter.js";
import * as dialogs from "./dialogs.js";
import * as drafts from "./drafts.js";
import * as keyboard from "./keyboard.js";
import * as ringing from "./ringing.js";
import * as sending from "./sending.js";

let conversation = null;

/** Bring up to date what no server can know, after the page or a part of it has come. */
function settle() {
  drafts.restore();
  countEverywhere();
  attention.look();
  const now = document.querySelector("#conversation")?.dataset.conversation;
  if (now === conversation) return;
  if (conversation !== null || now) document.querySelector("[data-draft] textarea")?.focus();
  conversation = now;
}

document.addEventListener("input", (event) => {
  if (event.target.dataset.counted) countIn(event.target);
  drafts.keep(event.target);
});
document.addEventListener("htmx:after:swap", settle);

for (const part of [attention, connection, dialogs, keyboard, ringing, sending]) part.install();
settle();
