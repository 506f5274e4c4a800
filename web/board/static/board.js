// The manager's view: live, with times that go on.

import * as attention from "./attention.js";
import * as connection from "./connection.js";
import * as keyboard from "./keyboard.js";
import * as sending from "./sending.js";
import * as times from "./times.js";

for (const part of [attention, connection, keyboard, sending, times]) part.install();
document.addEventListener("htmx:after:swap", () => {
  attention.look();
  times.look();
});
