// Pages of forms: menus, texts beside their preview, and what could not be sent.

import * as dialogs from "./dialogs.js";
import * as keyboard from "./keyboard.js";
import * as sending from "./sending.js";
import * as trying from "./live_preview.js";

for (const part of [dialogs, keyboard, sending, trying]) part.install();
