// Settings pages: menus, texts beside their preview, and failed requests.

import * as failures from "./failures.js";
import * as hours from "./hours.js";
import * as keyboard from "./keyboard.js";
import * as livePreview from "./live_preview.js";

for (const part of [failures, hours, keyboard, livePreview]) part.install();
