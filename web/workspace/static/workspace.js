// The workspace. All listeners are on the document, because parts of the page come and go.

import * as attention from "./attention.js";
import * as connection from "./connection.js";
import { countEverywhere, countIn } from "./counter.js";
import * as dialogs from "./dialogs.js";
import * as drafts from "./drafts.js";
import * as failures from "./failures.js";
import * as keyboard from "./keyboard.js";
import * as later from "./scheduled_texts.js";
import * as notices from "./notices.js";
import * as onItsWay from "./on_its_way.js";
import * as pictures from "./pictures.js";
import * as ringing from "./ringing.js";
import * as sending from "./sending.js";
import * as times from "./times.js";

let conversation = null;

/** Update what the server cannot know, after the page or a part of it has loaded. */
function settle() {
  drafts.restore();
  countEverywhere();
  for (const part of [attention, later, notices, onItsWay, pictures, sending, times]) part.look();
  const now = document.querySelector("#conversation")?.dataset.conversation;
  if (now === conversation) return;
  // At first only if nothing has it: people may already have gone elsewhere in the page.
  const isTaken = conversation === null && document.activeElement !== document.body;
  if (!isTaken) document.querySelector("[data-draft] textarea")?.focus();
  conversation = now;
}

document.addEventListener("input", (event) => {
  if (event.target.dataset.counted) countIn(event.target);
  drafts.keep(event.target);
});
document.addEventListener("change", (event) => {
  if (event.target.name === "line") countEverywhere(); // lines count differently
});
document.addEventListener("htmx:after:swap", settle);

const PARTS = [
  ...[attention, connection, dialogs, drafts, failures, keyboard, later],
  ...[notices, onItsWay, pictures, ringing, sending, times],
];
for (const part of PARTS) part.install();
settle();
