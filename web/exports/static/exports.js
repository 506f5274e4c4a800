// Exports: menus, and failed requests.

import * as failures from "./failures.js";
import * as keyboard from "./keyboard.js";

for (const part of [failures, keyboard]) part.install();
