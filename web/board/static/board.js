// The board: live, with times that count on.

import * as attention from "./attention.js";
import * as connection from "./connection.js";
import * as failures from "./failures.js";
import * as keyboard from "./keyboard.js";
import * as times from "./times.js";

for (const part of [attention, connection, failures, keyboard, times]) part.install();
document.addEventListener("htmx:after:swap", () => {
  attention.look();
  times.look();
});
