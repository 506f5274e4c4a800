// Pages of forms: menus, and what could not be sent.

import * as dialogs from "./dialogs.js";
import * as keyboard from "./keyboard.js";
import * as sending from "./sending.js";

for (const part of [dialogs, keyboard, sending]) part.install();
