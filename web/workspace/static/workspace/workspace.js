// The workspace: begins with what the server knows, follows it, and shows it.

import { loggedOut, request } from "../island/api.js";
import { IslandProvider } from "../island/context.js";
import { effect, html, render } from "../island/html.js";
import { Keys } from "../island/keys.js";
import { Preferences } from "../island/preferences.js";
import { Toasts } from "../island/toasts.js";
import { t } from "../island/words.js";
import { Acts } from "./acts.js";
import { Drafts } from "./composer/drafts.js";
import { follow } from "./following.js";
import { Loading } from "./loading.js";
import { Outbox } from "./outbox.js";
import { Page } from "./page.js";
import * as route from "./route.js";
import { Store, StoreProvider } from "./store.js";

/** @import { Boot, Messages } from "../wire.js" */
/** @import { Stream } from "../island/stream.js" */

/** @typedef {{ store: Store, loading: Loading, outbox: Outbox, acts: Acts, drafts: Drafts, stream: Stream<Messages> }} Workspace */

/** @param {Boot} boot @returns {Workspace} */
function assemble(boot) {
  const store = new Store(boot);
  const loading = new Loading(store);
  const outbox = new Outbox(boot.own.agent.id);
  const drafts = new Drafts(boot.own.agent.id);
  const acts = new Acts(store, outbox);
  show(store, loading, route.here());
  route.install((place) => show(store, loading, place));
  const stream = follow(store, loading);
  return { store, loading, outbox, acts, drafts, stream };
}

/** @param {Store} store @param {Loading} loading @param {route.Place} place */
function show(store, loading, { view, conversation }) {
  const isOther = store.selected.peek() !== conversation;
  store.closeDialog();
  store.view.value = view;
  store.selected.value = conversation;
  if (!store.lists.peek()[view]?.isLoaded) loading.list(view);
  if (conversation && isOther) loading.conversation(conversation);
}

/** Connect what was sent with what arrives. @param {Workspace} workspace */
function connect({ store, loading, outbox, drafts, stream }) {
  effect(() => {
    const transcript = store.transcripts.value.get(store.selected.value ?? "");
    if (transcript)
      outbox.arrived([...transcript.entries.values()].map(({ entry }) => entry.command));
  });
  effect(() => {
    if (stream.state.value === "on") outbox.hurry();
  });
  outbox.onDone = ({ conversation }) => {
    if (stream.state.peek() !== "on" && conversation) loading.conversation(conversation);
  };
  // A refused text goes back into its box, unless something else is being written there.
  outbox.onRefused = ({ isText, conversation, what, text, pictures, refused }) => {
    const draft = drafts.of(conversation);
    const kind = what === "note" ? "note" : "reply";
    if (!isText || draft[kind] || draft.kind !== kind || store.selected.peek() !== conversation)
      return false;
    drafts.change(conversation, { [kind]: text, pictures });
    drafts.refused.value = { conversation, kind, sentence: refused ?? "" };
    return true;
  };
  outbox.resume();
}

async function begin() {
  const place = document.querySelector("#island") ?? document.body;
  const keys = new Keys();
  const outcome = await request("/workspace/boot");
  if (outcome.state !== "done")
    return failed(place, outcome.state === "none" && outcome.isLoggedOut);
  const workspace = assemble(/** @type {Boot} */ (outcome.value));
  const { store, loading } = workspace;
  connect(workspace);
  store.clock.run();
  if (store.view.peek() !== "mine") loading.list("mine");
  loggedOut.addEventListener("ended", () => {
    store.isLoggedOut.value = true;
  });
  const reach = { clock: store.clock, keys, preferences: new Preferences(), toasts: new Toasts() };
  render(
    html`<${IslandProvider} value=${reach}><${StoreProvider} value=${workspace}><${Page} /><//><//>`,
    place,
  );
}

/** @param {Element} place @param {boolean} isLoggedOut */
function failed(place, isLoggedOut) {
  if (isLoggedOut) {
    location.assign(`/log-in?next=${encodeURIComponent(location.pathname + location.search)}`);
    return;
  }
  setTimeout(begin, 2000);
  place.textContent = t("There is no connection. We keep trying.");
}

begin();
