// Batches: the segments of the text while it is being written, menus, and failed requests.

import { countEverywhere, countIn } from "./counter.js";
import * as failures from "./failures.js";
import * as keyboard from "./keyboard.js";

for (const part of [failures, keyboard]) part.install();

document.addEventListener("input", (event) => {
  if (event.target.matches("[data-counted]")) countIn(event.target);
});
document.addEventListener("change", countEverywhere);
countEverywhere();
