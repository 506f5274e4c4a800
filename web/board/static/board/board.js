// The board: begins with what the server knows, follows it, and shows it.

import { loggedOut, request } from "../island/api.js";
import { IslandProvider } from "../island/context.js";
import { html, render } from "../island/html.js";
import { Keys } from "../island/keys.js";
import { Told } from "../island/notices/told.js";
import { tellReader } from "../island/notices/telling.js";
import { Preferences } from "../island/preferences.js";
import { Toasts } from "../island/toasts.js";
import { t } from "../island/words.js";
import { Acts } from "./acts.js";
import { follow } from "./following.js";
import { Jobs } from "./jobs/jobs.js";
import { Listing } from "./list/listing.js";
import { openConversation } from "./list/wanted.js";
import { Page } from "./page.js";
import { BoardProvider, BoardStore } from "./store.js";

/** @import { BoardBoot, BoardMessages } from "../wire.js" */
/** @import { Stream } from "../island/stream.js" */

/** @typedef {{ store: BoardStore, acts: Acts, listing: Listing, jobs: Jobs, stream: Stream<BoardMessages>, told: Told }} Board */

const AGAIN_MS = 2000;

/** @param {BoardBoot} boot @returns {Board} */
function assemble(boot) {
  const store = new BoardStore(boot);
  const listing = new Listing(store);
  const jobs = new Jobs(boot.own.agent.id, () => listing.refresh());
  const told = new Told(() => store.clock.now());
  const acts = new Acts(store);
  const stream = follow(store, acts, told);
  return { store, acts, listing, jobs, stream, told };
}

async function begin() {
  const place = document.querySelector("#island") ?? document.body;
  const keys = new Keys();
  const outcome = await request("/board/boot");
  if (outcome.state !== "done") return failed(place, outcome);
  const board = assemble(/** @type {BoardBoot} */ (outcome.value));
  const { store, told } = board;
  store.clock.run();
  board.jobs.load();
  loggedOut.addEventListener("ended", () => {
    store.isLoggedOut.value = true;
  });
  const toasts = new Toasts();
  tellReader({ told, toasts, stream: board.stream, here: () => null, open: openConversation });
  const reach = { clock: store.clock, keys, preferences: new Preferences(), toasts, told };
  render(
    html`<${IslandProvider} value=${reach}><${BoardProvider} value=${board}><${Page} /><//><//>`,
    place,
  );
}

/** @param {Element} place @param {import("../island/api.js").Refused | import("../island/api.js").None} outcome */
function failed(place, outcome) {
  if (outcome.state === "refused") {
    place.textContent = outcome.sentence;
    return;
  }
  if (outcome.isLoggedOut) {
    location.assign(`/log-in?next=${encodeURIComponent(location.pathname + location.search)}`);
    return;
  }
  setTimeout(begin, AGAIN_MS);
  place.textContent = t("There is no connection. We keep trying.");
}

begin();
